//! Pictures.

/// A whole PNG of this size, black and see-through.
///
/// # Panics
/// When it cannot be written, which memory can always be.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgba);
    let pixels = vec![0; width as usize * height as usize * 4];
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    bytes
}
