import CSimdJSON
import Glibc

/// Values as fields of a row. Each call appends one field and returns nil, or appends nothing and
/// returns why not.
extension RowBuffer {
  /// A member's value.
  @inline(__always)
  mutating func write(_ member: UnsafePointer<json_member>, as type: StagingType) -> ValueProblem? {
    if member.pointee.type == JSON_NULL { return .null }
    switch type {
    case .varchar(let limit): return writeText(member, limit)
    case .double: return writeDouble(member)
    case .integer, .bigint, .timestamp:
      if member.pointee.type == JSON_INTEGER { return write(member.pointee.integer, as: type) }
      return writeWhole(member, as: type)
    }
  }

  /// A whole number: milliseconds since 1970 for a timestamp.
  @inline(__always)
  mutating func write(_ value: Int64, as type: StagingType) -> ValueProblem? {
    switch type {
    case .integer:
      guard let value = Int32(exactly: value) else { return .outOfRange }
      appendField(value)
    case .bigint: appendField(value)
    case .double: appendField(Double(value).bitPattern)
    case .timestamp:
      // From 1970 to the end of 9999, so that nothing below can overflow.
      guard value >= 0 && value <= 253_402_300_799_999 else { return .outOfRange }
      // The server counts microseconds from 2000 (PostgreSQL, src/include/datatype/timestamp.h).
      appendField((value - 946_684_800_000) * 1000)
    case .varchar(let limit):
      let digits = Array(String(value).utf8)
      if digits.count > limit { return .tooLong(digits.count) }
      append(Int32(truncatingIfNeeded: digits.count))
      for digit in digits { append(digit) }
    }
    return nil
  }

  /// A value that is no JSON integer, in a column of whole numbers.
  private mutating func writeWhole(
    _ member: UnsafePointer<json_member>, as type: StagingType
  ) -> ValueProblem? {
    let text = UnsafeBufferPointer(start: member.pointee.text, count: member.pointee.length)
    switch member.pointee.type {
    case JSON_REAL:
      // At most 15 digits and a point: the double stands for this decimal number and no other. Zero
      // may also stand for one that is too small.
      let real = member.pointee.real
      if text.count <= 16, real != 0, abs(real) < 1e15, let value = Int64(exactly: real) {
        return write(value, as: type)
      }
    case JSON_STRING where text.isEmpty: return .null
    case JSON_STRING: break
    case JSON_BROKEN_STRING: return .brokenString
    default: return .notANumber
    }
    switch DecimalText.whole(text) {
    case .value(let value): return write(value, as: type)
    case .fraction: return .fraction
    case .outOfRange: return .outOfRange
    case .notANumber: return .notANumber
    }
  }

  private mutating func writeDouble(_ member: UnsafePointer<json_member>) -> ValueProblem? {
    var value: Double
    switch member.pointee.type {
    case JSON_REAL: value = member.pointee.real
    case JSON_INTEGER: value = Double(member.pointee.integer)
    case JSON_STRING:
      if member.pointee.length == 0 { return .null }
      let text = UnsafeBufferPointer(start: member.pointee.text, count: member.pointee.length)
      guard let number = DecimalText.double(text) else { return .notANumber }
      value = number
    case JSON_BROKEN_STRING: return .brokenString
    default: return .notANumber
    }
    guard value.isFinite else { return .outOfRange }
    appendField(value.bitPattern)
    return nil
  }

  @inline(__always)
  private mutating func writeText(
    _ member: UnsafePointer<json_member>, _ limit: Int
  ) -> ValueProblem? {
    if member.pointee.type == JSON_BROKEN_STRING { return .brokenString }
    let length = member.pointee.length
    // No longer than the column allows: that much room was made.
    guard length <= limit else { return .tooLong(length) }
    // Bare NULs are no JSON, so that only an escape can stand for one.
    let mayHoldNUL = member.pointee.type == JSON_STRING && member.pointee.is_escaped
    if mayHoldNUL && memchr(member.pointee.text, 0, length) != nil { return .holdsNUL }
    appendField(member.pointee.text, length)
    return nil
  }
}
