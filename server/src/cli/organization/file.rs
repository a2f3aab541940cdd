//! A file that is there once it is whole.

use crate::cli::failure::Failure;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Written under another name in the same folder, with mode 0600. It goes when it is not kept.
pub(super) struct NewFile {
    path: PathBuf,
    force: bool,
    file: BufWriter<NamedTempFile>,
}

impl NewFile {
    pub(super) fn beside(path: &Path, force: bool) -> Result<Self, Failure> {
        if path.exists() && !force {
            return Err(is_there(path));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = NamedTempFile::new_in(folder)
            .map_err(|e| Failure::refused(format!("cannot write in {}: {e}", folder.display())))?;
        Ok(Self { path: path.to_owned(), force, file: BufWriter::new(file) })
    }

    pub(super) fn writer(&mut self) -> impl Write + Send {
        &mut self.file
    }

    /// Gives it its name once it is on the disk.
    pub(super) fn keep(self) -> Result<(), Failure> {
        let Self { path, force, file } = self;
        let cannot = |e: std::io::Error| Failure::refused(format!("cannot write {}: {e}", path.display()));
        let file = file.into_inner().map_err(|e| cannot(e.into_error()))?;
        file.as_file().sync_all().map_err(cannot)?;
        let kept = if force { file.persist(&path) } else { file.persist_noclobber(&path) };
        match kept {
            Ok(_) => Ok(()),
            Err(e) if e.error.kind() == std::io::ErrorKind::AlreadyExists => Err(is_there(&path)),
            Err(e) => Err(cannot(e.error)),
        }
    }
}

fn is_there(path: &Path) -> Failure {
    Failure::refused(format!("{} is there already; --force writes over it", path.display()))
}
