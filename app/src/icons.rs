//! The portal's icons, as inline SVG. Where they come from: `app/icons/README.md`.

use leptos::prelude::*;

macro_rules! icons {
    ($($(#[$doc:meta])* $name:ident = $file:literal,)+) => {
        /// An icon by what it stands for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Glyph {
            $($(#[$doc])* $name,)+
        }

        impl Glyph {
            /// Every icon, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The file below `app/icons`, without its ending.
            pub const fn file(self) -> &'static str {
                match self { $(Self::$name => $file,)+ }
            }

            const fn svg(self) -> &'static str {
                match self { $(Self::$name => include_str!(concat!("../icons/", $file, ".svg")),)+ }
            }
        }
    };
}

icons! {
    /// The list of applications.
    Applications = "layout-grid",
    /// An application's overview.
    Overview = "monitor",
    /// OAuth providers.
    Providers = "plug",
    /// Connected accounts.
    ConnectedAccounts = "link-2",
    /// Connect sessions.
    ConnectSessions = "ticket",
    /// API keys.
    ApiKeys = "key-round",
    /// Webhooks.
    Webhooks = "webhook",
    /// Branding.
    Branding = "palette",
    /// Events.
    Events = "scroll-text",
    /// Settings.
    Settings = "settings",
    /// Members.
    Members = "users",
    /// Security.
    Security = "shield",
    /// A person.
    Person = "user",
    /// Documentation.
    Book = "book-open",
    /// Add something.
    Plus = "plus",
    /// Copy to the clipboard.
    Copy = "copy",
    /// Done.
    Check = "check",
    /// Close.
    Close = "x",
    /// Opens downwards.
    ChevronDown = "chevron-down",
    /// Leads further.
    ChevronRight = "chevron-right",
    /// Leads back one page of a list.
    ChevronLeft = "chevron-left",
    /// Leads back to where one came from.
    Back = "arrow-left",
    /// Leaves this site.
    External = "external-link",
    /// Something needs attention.
    Warning = "triangle-alert",
    /// Something failed.
    Error = "circle-alert",
    /// Worth knowing.
    Info = "info",
    /// Remove.
    Trash = "trash-2",
    /// Search.
    Search = "search",
    /// Opens the navigation on a small screen.
    Menu = "menu",
    /// Sign out.
    SignOut = "log-out",
    /// Brings a file.
    Download = "download",
    /// Refresh.
    Refresh = "refresh-cw",
    /// Safe.
    Lock = "lock",
    /// Light theme.
    Sun = "sun",
    /// Dark theme.
    Moon = "moon",
    /// Edit.
    Edit = "pencil",
    /// Nothing here yet.
    Empty = "inbox",
    /// Not found.
    Unknown = "file-question-mark",
}

/// A decorative icon in the size and colour of the text beside it; a control that has nothing else needs an
/// `aria-label` of its own.
#[component]
pub fn Icon(
    /// Which one.
    of: Glyph,
) -> impl IntoView {
    view! { <span class="icon" aria-hidden="true" inner_html=of.svg()></span> }
}

/// A provider's mark on a white tile. The catalogue gives its SVG; private catalogue directories are the operator's
/// own, so it is as trusted as the program.
#[component]
pub fn ProviderIcon(
    /// The SVG text of the catalogue.
    #[prop(into)]
    svg: String,
    /// `"large"` for page headers.
    #[prop(optional)]
    size: &'static str,
) -> impl IntoView {
    view! {
        <span class="provider-icon" aria-hidden="true" data-size=(!size.is_empty()).then_some(size) inner_html=svg></span>
    }
}
