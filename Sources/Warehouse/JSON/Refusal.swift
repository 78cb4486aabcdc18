import CSimdJSON

/// Why a record cannot be stored.
struct Refusal: Equatable {
  /// The column whose value was refused; nil when it is the record itself.
  var column: String?
  /// Why, in one line.
  var reason: String

  init(_ reason: String, column: String? = nil) {
    self.reason = reason
    self.column = column
  }

  /// The text ends, or another record begins, before this one is whole.
  static let incomplete = Refusal("broken JSON: the record is not complete")
  /// The file ends inside an array of records. None of its records is missing here.
  static let openArray = Refusal("broken JSON: the file ends inside an array of records")

  /// A record that takes up more than `limit` bytes.
  static func tooLong(_ limit: Int) -> Refusal {
    Refusal("longer than \(limit) bytes, the most that a record may have")
  }

  /// What simdjson found wrong with `text`.
  static func broken(_ failure: json_failure, _ text: UnsafeBufferPointer<UInt8>) -> Refusal {
    switch failure {
    case JSON_INVALID_UTF8:
      Refusal("invalid UTF-8\(firstInvalidByte(text).map { " at byte \($0)" } ?? "")")
    case JSON_CONTROL_CHARACTER: Refusal("broken JSON: a control character inside a string")
    case JSON_INCOMPLETE: incomplete
    case JSON_BROKEN_NUMBER: Refusal("broken JSON: a number is not written as JSON has it")
    case JSON_BROKEN_KEY: Refusal("broken JSON: a name is not written as JSON has it")
    case JSON_TRAILING_TEXT: Refusal("broken JSON: something follows the object")
    case JSON_NOT_AN_OBJECT: Refusal("not an object")
    case JSON_OUT_OF_MEMORY: Refusal("too large for the memory that there is")
    default: Refusal("broken JSON")
    }
  }

  /// The place of the first byte that is not part of a character, counted from 0.
  private static func firstInvalidByte(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
    var decoder = UTF8()
    var bytes = text.makeIterator()
    var offset = 0
    while true {
      switch decoder.decode(&bytes) {
      case .scalarValue(let scalar): offset += UTF8.width(scalar)
      case .emptyInput: return nil
      case .error: return offset
      }
    }
  }
}
