/// Writing JSON as the real files spell it: ASCII only, `\u0019` for the rest, `/` as `\/`.
extension [UInt8] {
  /// Adds a JSON string with its quotes.
  mutating func appendJSON(_ text: String) {
    append(UInt8(ascii: "\""))
    for unit in text.utf16 {
      switch unit {
      case 0x22, 0x2F, 0x5C:
        append(UInt8(ascii: "\\"))
        append(UInt8(truncatingIfNeeded: unit))
      case 0x20...0x7E: append(UInt8(truncatingIfNeeded: unit))
      default: appendEscape(unit)
      }
    }
    append(UInt8(ascii: "\""))
  }

  private mutating func appendEscape(_ unit: UInt16) {
    append(UInt8(ascii: "\\"))
    append(UInt8(ascii: "u"))
    for shift in [12, 8, 4, 0] as [UInt16] {
      let digit = UInt8(truncatingIfNeeded: (unit >> shift) & 0xF)
      append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
  }

  /// Adds the digits of a number that is not negative.
  mutating func appendDigits(_ number: Int) {
    var rest = number.magnitude
    if rest < 10 { return append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest)) }
    var digits = InlineArray<20, UInt8>(repeating: 0)
    var start = 20
    while rest > 0, start > 0 {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      start -= 1
      digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
      rest = quotient
    }
    for index in start..<20 { append(digits[index]) }
  }

  /// Adds a number of hundred-thousandths as a decimal fraction: `245.67791`, `213.9424`, `180.0`.
  mutating func appendDecimal(hundredThousandths: Int) {
    let (whole, fraction) = hundredThousandths.quotientAndRemainder(dividingBy: 100_000)
    appendDigits(whole)
    append(UInt8(ascii: "."))
    var digits = Array(fraction.padded(5).utf8)
    while digits.count > 1, digits.last == UInt8(ascii: "0") { digits.removeLast() }
    append(contentsOf: digits)
  }
}

extension String {
  /// The text after it was twice taken for Latin-1: `BjÃ\u{83}Â¶rn` for `Björn`.
  var misdecodedTwice: String { misdecoded.misdecoded }

  private var misdecoded: String {
    var scalars = String.UnicodeScalarView()
    for byte in utf8 { scalars.append(Unicode.Scalar(byte)) }
    return String(scalars)
  }
}
