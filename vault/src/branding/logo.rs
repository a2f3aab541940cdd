//! Logos. Pictures only, told by their first bytes: an SVG could carry scripts, and is refused. What is told so is unpacked
//! to its end, since half a picture would be taken otherwise and stand on connect pages as a broken one.

use crate::secret::sha256;
use data_encoding::HEXLOWER;
use imagesize::ImageType;
use std::io::Cursor;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::options::DecoderOptions;

/// As much as a picture of this size needs.
const MOST_BYTES: usize = 64 * 1024;
/// A small file may unfold into a huge picture.
const MOST_PIXELS: usize = 1024;
/// What unpacking may take: eight bytes for each pixel, and as much again for work.
const MOST_MEMORY: usize = 2 * 8 * MOST_PIXELS * MOST_PIXELS;

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
    type Unpack = fn(&[u8]) -> Option<()>;
    let (media_type, unpack): (_, Unpack) = match imagesize::image_type(&bytes) {
        Ok(ImageType::Png) => ("image/png", unpack_png),
        Ok(ImageType::Jpeg) => ("image/jpeg", unpack_jpeg),
        Ok(ImageType::Webp) => ("image/webp", unpack_webp),
        _ => return Err("Use a PNG, JPEG or WebP picture. An SVG may carry scripts, so save it as PNG.".to_owned()),
    };
    let size = imagesize::blob_size(&bytes).map_err(|_| UNREADABLE.to_owned())?;
    if size.width == 0 || size.height == 0 || size.width > MOST_PIXELS || size.height > MOST_PIXELS {
        return Err(format!("It is {} by {} pixels; use at most {MOST_PIXELS} each way.", size.width, size.height));
    }
    unpack(&bytes).ok_or_else(|| UNREADABLE.to_owned())?;
    Ok(Logo { media_type: media_type.to_owned(), bytes })
}

const UNREADABLE: &str = "This picture cannot be read to its end: save it anew.";

fn unpack_png(bytes: &[u8]) -> Option<()> {
    let limits = png::Limits { bytes: MOST_MEMORY };
    let mut reader = png::Decoder::new_with_limits(Cursor::new(bytes), limits).read_info().ok()?;
    let size = reader.output_buffer_size().filter(|size| *size <= MOST_MEMORY)?;
    reader.next_frame(&mut vec![0; size]).ok()?;
    reader.finish().ok()
}

fn unpack_jpeg(bytes: &[u8]) -> Option<()> {
    let options = DecoderOptions::default();
    let options = options.set_max_width(MOST_PIXELS).set_max_height(MOST_PIXELS).set_strict_mode(true);
    JpegDecoder::new_with_options(ZCursor::new(bytes), options).decode().ok().map(drop)
}

fn unpack_webp(bytes: &[u8]) -> Option<()> {
    let mut decoder = image_webp::WebPDecoder::new(Cursor::new(bytes)).ok()?;
    decoder.set_memory_limit(MOST_MEMORY);
    let size = decoder.output_buffer_size().filter(|size| *size <= MOST_MEMORY)?;
    decoder.read_image(&mut vec![0; size]).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::png as whole;
    use data_encoding::BASE64;

    /// The first bytes of a PNG of this size.
    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend([8, 6, 0, 0, 0, 0, 0, 0, 0]);
        bytes
    }

    /// 24 by 24 pixels, as an image editor writes them.
    const JPEG: &str = "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKB\
         TmCNl4x9lnN+gXz/2wBDARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8\
         fHz/wAARCAAYABgDASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQID\
         AAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlq\
         c3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3\
         +Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEI\
         FEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImK\
         kpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwDm\
         Y7f2q3Hbe1WYbf2q9Dbe1ZwXOOhiLFKO19qK11iC8YyaKqSoxdpPU9iniHykcFv04q6sO1RgcmiiuaE3Gi5Lc+PoTd0WIbX2oooqbqEV\
         ZHtQnKx//9k=";
    const WEBP: &str = "UklGRpoAAABXRUJQVlA4II4AAABwBQCdASoYABgAPwl4sFArqCSisAwBcCEJbACdMoR2fxm6vFfKfI7dUaqtBOeN3sXIckkAAP78yF+S\
         Q1MjMSt4ZMuICW8HN+39CeyGldCC6znZJ1gjXuiOAfE1o7HKRrlQIflAueZCGVj+iRVGwREfR/I8ILmp/F1th/u7jUgwR+xSbvnECOtL\
         Oe80AAAA";

    #[test]
    fn a_jpeg_or_webp_is_taken_whole_and_refused_half() {
        for (text, media_type) in [(JPEG, "image/jpeg"), (WEBP, "image/webp")] {
            let bytes = BASE64.decode(text.as_bytes()).unwrap();
            let half = bytes[..bytes.len() / 2].to_vec();
            assert_eq!(check(bytes).unwrap().media_type, media_type);
            assert_eq!(check(half).err().unwrap(), UNREADABLE, "{media_type}");
        }
    }

    #[test]
    fn pictures_are_told_by_their_bytes() {
        assert_eq!(check(whole(256, 64)).unwrap().media_type, "image/png");
        for (odd, why) in [
            (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>".to_vec(), "SVG"),
            (b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), "Use a PNG"),
            (b"<!doctype html><script>".to_vec(), "Use a PNG"),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "cannot be read"),
            (png(256, 64), "to its end"),
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
