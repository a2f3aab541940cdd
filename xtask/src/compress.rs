//! Compressed copies beside each file, so that the server never compresses the same bytes twice.

use crate::tools::Outcome;
use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, write::GzEncoder};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

pub(crate) fn all(folder: &Path) -> Outcome {
    let files: Vec<PathBuf> = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Outcome<_>>()?;
    for file in files {
        let bytes = fs::read(&file)?;
        let small = brotli(&bytes)?;
        println!("{:>9} {:>8} br  {}", bytes.len(), small.len(), file.display());
        fs::write(with_suffix(&file, ".br"), small)?;
        fs::write(with_suffix(&file, ".gz"), gzip(&bytes)?)?;
    }
    Ok(())
}

fn brotli(bytes: &[u8]) -> Outcome<Vec<u8>> {
    let mut small = Vec::new();
    let params = BrotliEncoderParams { quality: 11, lgwin: 22, size_hint: bytes.len(), ..Default::default() };
    brotli::BrotliCompress(&mut &*bytes, &mut small, &params)?;
    Ok(small)
}

fn gzip(bytes: &[u8]) -> Outcome<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
