import Foundation

/// Pictures of 3 × 2 pixels, as libgd 2.3.3 writes them, and files that only look like some.
enum PictureSamples {
  static let png = bytes(
    """
    iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAACXBIWXMAAA7EAAAOxAGVKw4bAAAAEUlEQVQI\
    mWNgQAb/GRgYGBgABg4BAIm3OrYAAAAASUVORK5CYII=
    """)
  static let jpeg = bytes(
    """
    /9j/4AAQSkZJRgABAQEAYABgAAD//gA7Q1JFQVRPUjogZ2QtanBlZyB2MS4wICh1c2luZyBJSkcgSlBFRyB2\
    NjIpLCBxdWFsaXR5ID0gNTAK/9sAQwAQCwwODAoQDg0OEhEQExgoGhgWFhgxIyUdKDozPTw5Mzg3QEhcTkBE\
    V0U3OFBtUVdfYmdoZz5NcXlwZHhcZWdj/9sAQwEREhIYFRgvGhovY0I4QmNjY2NjY2NjY2NjY2NjY2NjY2Nj\
    Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2Nj/8AAEQgAAgADAwEiAAIRAQMRAf/EAB8AAAEFAQEBAQEB\
    AAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGh\
    CCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3\
    eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn\
    6Onq8fLz9PX29/j5+v/EAB8BAAMBAQEBAQEBAQEAAAAAAAABAgMEBQYHCAkKC//EALURAAIBAgQEAwQHBQQE\
    AAECdwABAgMRBAUhMQYSQVEHYXETIjKBCBRCkaGxwQkjM1LwFWJy0QoWJDThJfEXGBkaJicoKSo1Njc4OTpD\
    REVGR0hJSlNUVVZXWFlaY2RlZmdoaWpzdHV2d3h5eoKDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2\
    t7i5usLDxMXGx8jJytLT1NXW19jZ2uLj5OXm5+jp6vLz9PX29/j5+v/aAAwDAQACEQMRAD8A4OcASAAAfIp4\
    /wB0UUUUlsVL4mf/2Q==
    """)
  static let gif = bytes(
    """
    R0lGODdhAwACAIAAAAQCBPwCBCwAAAAAAwACAAACA4QRUAA7
    """)
  static let webp = bytes(
    """
    UklGRkAAAABXRUJQVlA4IDQAAADQAQCdASoDAAIAAUAmJZQCdAEf/qeuAAD+/upQZ8//0+LRY+k4sRe/nBzZ\
    2WmK1hcAAAAA
    """)
  static let losslessWebP = bytes(
    """
    UklGRh4AAABXRUJQVlA4TBEAAAAvAkAAAA8Q8x/zH4YRiOh/CAA=
    """)
  static let avif = bytes(
    """
    AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUIAAADybWV0YQAAAAAAAAAoaGRscgAAAAAAAAAAcGlj\
    dAAAAAAAAAAAAAAAAGxpYmF2aWYAAAAADnBpdG0AAAAAAAEAAAAeaWxvYwAAAABEAAABAAEAAAABAAABGgAA\
    ACMAAAAoaWluZgAAAAAAAQAAABppbmZlAgAAAAABAABhdjAxQ29sb3IAAAAAamlwcnAAAABLaXBjbwAAABRp\
    c3BlAAAAAAAAAAMAAAACAAAAEHBpeGkAAAAAAwgICAAAAAxhdjFDgQAMAAAAABNjb2xybmNseAABAA0AAYAA\
    AAAXaXBtYQAAAAAAAAABAAEEAQKDBAAAACttZGF0EgAKCBgEKwQENAYQMhUXgAkkkkUARqsX86e1tsPHCgva\
    e8A=
    """)
  static let svg = Array(
    """
    <?xml version="1.0"?>
    <!-- drawn -->
    <!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x.dtd">
    <svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>

    """.utf8)
  /// A PNG file of 100000 × 100000 pixels in 80 bytes.
  static let bomb = bytes(
    """
    iVBORw0KGgoAAAANSUhEUgABhqAAAYagAQAAAACAKTZlAAAACUlEQVR4nGMAAAABAAFe/335AAAAAElFTkSu\
    QmCC
    """)
  /// A PNG file of 0 × 5 pixels.
  static let empty = bytes(
    """
    iVBORw0KGgoAAAANSUhEUgAAAAAAAAAFAQAAAABDPdAMAAAACUlEQVR4nGMAAAABAAFe/335AAAAAElFTkSu\
    QmCC
    """)

  private static func bytes(_ text: String) -> [UInt8] {
    Data(base64Encoded: text).map(Array.init) ?? []
  }
}
