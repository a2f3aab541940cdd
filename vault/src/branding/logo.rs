//! Logos. Pictures only, told by their first bytes: an SVG could carry scripts, and is refused.

use crate::secret::sha256;
use data_encoding::HEXLOWER;
use imagesize::ImageType;

/// As much as a picture of this size needs.
const MOST_BYTES: usize = 64 * 1024;
/// A small file may unfold into a huge picture.
const MOST_PIXELS: usize = 1024;

/// A picture that was checked.
pub struct Logo {
    /// `image/png`, `image/jpeg` or `image/webp`.
    pub media_type: String,
    /// The file as it was given.
    pub bytes: Vec<u8>,
}

impl Logo {
    /// SHA-256 of the bytes, in hex.
    pub(super) fn hash(&self) -> String {
        HEXLOWER.encode(&sha256(&self.bytes))
    }
}

pub(super) fn check(bytes: Vec<u8>) -> Result<Logo, String> {
    if bytes.is_empty() {
        return Err("Choose a picture first.".to_owned());
    }
    if bytes.len() > MOST_BYTES {
        return Err("It is larger than 64 KB: save it smaller.".to_owned());
    }
    let media_type = match imagesize::image_type(&bytes) {
        Ok(ImageType::Png) => "image/png",
        Ok(ImageType::Jpeg) => "image/jpeg",
        Ok(ImageType::Webp) => "image/webp",
        _ => return Err("Use a PNG, JPEG or WebP picture. An SVG may carry scripts, so save it as PNG.".to_owned()),
    };
    let size = imagesize::blob_size(&bytes).map_err(|_| "This picture cannot be read: save it anew.".to_owned())?;
    if size.width == 0 || size.height == 0 || size.width > MOST_PIXELS || size.height > MOST_PIXELS {
        return Err(format!("It is {} by {} pixels; use at most {MOST_PIXELS} each way.", size.width, size.height));
    }
    Ok(Logo { media_type: media_type.to_owned(), bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first bytes of a PNG of this size.
    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend([8, 6, 0, 0, 0, 0, 0, 0, 0]);
        bytes
    }

    #[test]
    fn pictures_are_told_by_their_bytes() {
        assert_eq!(check(png(256, 64)).unwrap().media_type, "image/png");
        for (odd, why) in [
            (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>".to_vec(), "SVG"),
            (b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), "Use a PNG"),
            (b"<!doctype html><script>".to_vec(), "Use a PNG"),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "cannot be read"),
            (Vec::new(), "Choose"),
            (png(40_000, 40_000), "at most 1024"),
            (png(0, 10), "at most"),
            ([png(10, 10), vec![0; 70_000]].concat(), "larger than 64 KB"),
        ] {
            let message = check(odd).err().unwrap();
            assert!(message.contains(why), "{message}");
        }
    }
}
