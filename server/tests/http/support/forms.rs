//! The forms and links of a page, as a browser with scripts off finds them.

use super::Answer;

/// A form that is posted to its own page.
#[derive(Clone, Debug)]
pub(crate) struct PageForm {
    pub(crate) fields: Vec<(String, String)>,
}

impl PageForm {
    /// The server function that it calls.
    pub(crate) fn action(&self) -> &str {
        self.fields.iter().find(|(name, _)| name == "_action").map_or("", |(_, value)| value)
    }

    /// Fills a field in.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(field, _)| field != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// As it is sent.
    pub(crate) fn body(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.fields).finish()
    }
}

impl Answer {
    /// The page's forms that are posted.
    pub(crate) fn forms(&self) -> Vec<PageForm> {
        let forms = self.body.split("<form ").skip(1).filter_map(|rest| rest.split("</form>").next());
        forms.filter(|form| attribute(form, "method").as_deref() == Some("post")).map(read).collect()
    }

    /// The page's form for a server function whose path holds `verb`.
    #[track_caller]
    pub(crate) fn form(&self, verb: &str) -> PageForm {
        let found = self.forms().into_iter().find(|form| form.action().contains(verb));
        found.unwrap_or_else(|| panic!("no form for {verb} in {}", self.body))
    }

    /// Where the page's links lead within the portal.
    pub(crate) fn links(&self) -> Vec<String> {
        let tags = self.body.split("<a ").skip(1).filter_map(|rest| rest.split('>').next());
        let local = |href: &String| href.starts_with('/') && !href.starts_with("//");
        tags.filter_map(|tag| attribute(tag, "href")).filter(local).collect()
    }
}

fn read(form: &str) -> PageForm {
    let tags = form.split('<').skip(1).filter_map(|rest| rest.split('>').next());
    let fields = tags.filter_map(|tag| {
        let name = attribute(tag, "name")?;
        let choice = ["radio", "checkbox"].iter().any(|kind| attribute(tag, "type").as_deref() == Some(*kind));
        let sent = (tag.starts_with("input") && (!choice || tag.contains(" checked"))) || tag.starts_with("textarea");
        sent.then(|| (name, attribute(tag, "value").unwrap_or_default()))
    });
    PageForm { fields: fields.collect() }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let tag = tag.split('>').next()?;
    let rest = tag.split(&format!("{name}=\"")).nth(1)?;
    Some(rest.split('"').next()?.replace("&quot;", "\"").replace("&amp;", "&"))
}
