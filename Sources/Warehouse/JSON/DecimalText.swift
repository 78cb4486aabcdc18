/// Numbers as decimal text: `39`, `-0.5`, `1.0E12`, `007`.
///
/// A sign, digits with or without a point, an exponent. Neither blanks nor words: no `NaN`, no
/// `Infinity`, no `0x10`.
struct DecimalText {
  /// What a text is as a whole number.
  enum Whole: Equatable {
    /// This one, exactly.
    case value(Int64)
    /// A number with a fraction.
    case fraction
    /// More than 64 bits hold.
    case outOfRange
    /// No number at all.
    case notANumber
  }

  private var isNegative = false
  /// The digits as a number, without the zeros at its end; meaningless once `isHuge`.
  private var digits: UInt64 = 0
  private var isHuge = false
  /// Zeros after the digits so far.
  private var zeros = 0
  private var hasDigits = false
  private var exponent = 0

  /// The number that `text` is; nil when it is none.
  init?(_ text: UnsafeBufferPointer<UInt8>) {
    var rest = text[...]
    if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      isNegative = sign == UInt8(ascii: "-")
      rest = rest.dropFirst()
    }
    takeDigits(&rest)
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      let before = rest.count
      takeDigits(&rest)
      exponent -= before - rest.count
    }
    guard hasDigits, takeExponent(&rest), rest.isEmpty else { return nil }
  }

  private mutating func takeDigits(_ rest: inout Slice<UnsafeBufferPointer<UInt8>>) {
    while let byte = rest.first, byte >= 0x30, byte <= 0x39 {
      rest = rest.dropFirst()
      hasDigits = true
      if byte == 0x30 {
        zeros += digits == 0 && !isHuge ? 0 : 1
        continue
      }
      append(UInt64(byte - 0x30))
    }
  }

  private mutating func append(_ digit: UInt64) {
    if zeros > 20 { isHuge = true }
    for _ in 0...min(zeros, 20) {
      let (product, overflow) = digits.multipliedReportingOverflow(by: 10)
      digits = product
      isHuge = isHuge || overflow
    }
    let (sum, overflow) = digits.addingReportingOverflow(digit)
    digits = sum
    isHuge = isHuge || overflow
    zeros = 0
  }

  /// False when an exponent begins and has no digits. One beyond a million is as good as that.
  private mutating func takeExponent(_ rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    guard let first = rest.first else { return true }
    guard first == UInt8(ascii: "e") || first == UInt8(ascii: "E") else { return false }
    rest = rest.dropFirst()
    var sign = 1
    if let byte = rest.first, byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") {
      sign = byte == UInt8(ascii: "-") ? -1 : 1
      rest = rest.dropFirst()
    }
    let before = rest.count
    var value = 0
    while let byte = rest.first, byte >= 0x30, byte <= 0x39 {
      value = min(1 << 40, value * 10 + Int(byte - 0x30))
      rest = rest.dropFirst()
    }
    exponent += sign * value
    return rest.count < before
  }

  /// The whole number that it is.
  var whole: Whole {
    if digits == 0 && !isHuge { return .value(0) }
    let scale = exponent + zeros
    if scale < 0 { return .fraction }
    if isHuge || scale > 18 { return .outOfRange }
    var magnitude = digits
    for _ in 0..<scale {
      let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
      if overflow { return .outOfRange }
      magnitude = product
    }
    if isNegative && magnitude == 1 << 63 { return .value(.min) }
    guard let value = Int64(exactly: magnitude) else { return .outOfRange }
    return .value(isNegative ? -value : value)
  }

  /// The whole number that `text` is.
  static func whole(_ text: UnsafeBufferPointer<UInt8>) -> Whole {
    DecimalText(text)?.whole ?? .notANumber
  }

  /// The double next to what `text` says: infinite when it is out of range, nil when it is no
  /// number.
  static func double(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
    guard DecimalText(text) != nil else { return nil }
    return Double(String(decoding: text, as: UTF8.self))
  }
}
