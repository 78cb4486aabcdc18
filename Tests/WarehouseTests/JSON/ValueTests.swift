import Testing

@testable import Warehouse

/// One member, and what its column makes of it: a value, NULL, or a refusal.
struct ValueCase: CustomTestStringConvertible, Sendable {
  enum Outcome: Equatable, Sendable {
    case value(String)
    case null
    case refused(String)
  }

  let column: String
  let json: String
  let outcome: Outcome

  init(_ column: String, _ json: String, _ outcome: Outcome) {
    self.column = column
    self.json = json
    self.outcome = outcome
  }

  var testDescription: String { "\(column) = \(json)" }
}

private let notANumber = ValueCase.Outcome.refused("not a number")
private let fraction = ValueCase.Outcome.refused(
  "has a fraction, and the column holds whole numbers")
private let not32 = ValueCase.Outcome.refused("out of range: the column holds 32-bit integers")
private let not64 = ValueCase.Outcome.refused("out of range: the column holds 64-bit integers")
private let notDouble = ValueCase.Outcome.refused(
  "out of range: the column holds double precision numbers")
private let notATime = ValueCase.Outcome.refused("out of range: not a time between 1970 and 9999")
private let brokenEscape = ValueCase.Outcome.refused(
  "text with an escape that stands for no character")

/// Columns of `smallTable`: a 32 bits, b 64 bits, d double, s eight bytes of text, t a time.
private let valueCases: [ValueCase] = [
  // Whole numbers.
  ValueCase("a", "1", .value("1")), ValueCase("a", "-0", .value("0")),
  ValueCase("a", "2147483647", .value("2147483647")), ValueCase("a", "2147483648", not32),
  ValueCase("a", "-2147483648", .value("-2147483648")), ValueCase("a", "-2147483649", not32),
  ValueCase("a", "null", .null), ValueCase("a", "\"\"", .null), ValueCase("a", "1.0", .value("1")),
  ValueCase("a", "1.5", fraction), ValueCase("a", "1e2", .value("100")),
  ValueCase("a", "\"39\"", .value("39")), ValueCase("a", "\"-39\"", .value("-39")),
  ValueCase("a", "\"+39\"", .value("39")), ValueCase("a", "\"007\"", .value("7")),
  ValueCase("a", "\"1.5\"", fraction), ValueCase("a", "\"1.50e1\"", .value("15")),
  ValueCase("a", "\"abc\"", notANumber), ValueCase("a", "\" 1\"", notANumber),
  ValueCase("a", "\"1e\"", notANumber), ValueCase("a", "\".\"", notANumber),
  ValueCase("a", "\"0x10\"", notANumber), ValueCase("a", "\"NaN\"", notANumber),
  ValueCase("a", "true", notANumber), ValueCase("a", "[1]", notANumber),
  ValueCase("a", "{\"a\":1}", notANumber), ValueCase("a", "\"\\ud800\"", brokenEscape),
  ValueCase("b", "9223372036854775807", .value("9223372036854775807")),
  ValueCase("b", "-9223372036854775808", .value("-9223372036854775808")),
  ValueCase("b", "9223372036854775808", not64), ValueCase("b", "18446744073709551615", not64),
  ValueCase("b", "18446744073709551616", not64), ValueCase("b", "-9223372036854775809", not64),
  ValueCase("b", "\"9223372036854775807\"", .value("9223372036854775807")),
  ValueCase("b", "\"9223372036854775808\"", not64),
  ValueCase("b", "1541149697215.0", .value("1541149697215")),
  ValueCase("b", "1.0E12", .value("1000000000000")), ValueCase("b", "1e3", .value("1000")),
  ValueCase("b", "1541149697215.5", fraction),
  // Doubles cannot tell these from their neighbours; the text can.
  ValueCase("b", "9007199254740993.0", .value("9007199254740993")),
  ValueCase("b", "1.00000000000000000001", fraction),
  ValueCase("b", "9223372036854775807.0", .value("9223372036854775807")),
  ValueCase("b", "9223372036854775808.0", not64),
  ValueCase("b", "1e400", not64), ValueCase("b", "1e-400", fraction),
  ValueCase("b", "0e400", .value("0")), ValueCase("b", "0.0e-400", .value("0")),
  ValueCase("b", "1e99999999999999999999", not64),
  ValueCase("b", "12300e-2", .value("123")), ValueCase("b", "12345e-2", fraction),
  ValueCase(
    "b", "1.00000000000000000000000000000000000000000000000000000000000000000", .value("1")),
  ValueCase("b", "100000000000000000000000000000000000000000000e-40", .value("10000")),

  // Doubles.
  ValueCase("d", "1.5", .value("1.5")), ValueCase("d", "3", .value("3.0")),
  ValueCase("d", "\"2.25\"", .value("2.25")), ValueCase("d", "\"\"", .null),
  ValueCase("d", "1e308", .value("1e+308")), ValueCase("d", "1e400", notDouble),
  ValueCase("d", "-1e400", notDouble), ValueCase("d", "1e-400", .value("0.0")),
  ValueCase("d", "\"1e400\"", notDouble),
  ValueCase("d", "18446744073709551616", .value("1.8446744073709552e+19")),
  ValueCase("d", "\"NaN\"", notANumber), ValueCase("d", "\"Infinity\"", notANumber),
  ValueCase("d", "\"-inf\"", notANumber), ValueCase("d", "\"0x1p3\"", notANumber),
  ValueCase("d", "false", notANumber), ValueCase("d", "[]", notANumber),

  // Text: eight bytes of it.
  ValueCase("s", "\"\"", .value("")), ValueCase("s", "\"12345678\"", .value("12345678")),
  ValueCase("s", "\"123456789\"", .refused("text of 9 bytes; the column holds 8")),
  ValueCase("s", "\"éééé\"", .value("éééé")),
  ValueCase("s", "\"ééééé\"", .refused("text of 10 bytes; the column holds 8")),
  ValueCase("s", #""\"\\\/\b\n\t""#, .value("\"\\/\u{8}\n\t")),
  ValueCase("s", #""\ud83d\ude00""#, .value("😀")), ValueCase("s", #""\u00e9""#, .value("é")),
  ValueCase("s", #""\ud83d""#, brokenEscape), ValueCase("s", #""\ude00x""#, brokenEscape),
  ValueCase("s", #""\x""#, brokenEscape), ValueCase("s", #""\u12""#, brokenEscape),
  ValueCase("s", #""a\u0000b""#, .refused("text with a NUL character, which no column can hold")),
  ValueCase("s", "4.60", .value("4.60")), ValueCase("s", "112", .value("112")),
  ValueCase("s", "1e400", .value("1e400")), ValueCase("s", "true", .value("true")),
  ValueCase("s", "[1, 2]", .value("[1, 2]")), ValueCase("s", "{\"x\":1}", .value("{\"x\":1}")),
  ValueCase("s", "[]", .value("[]")), ValueCase("s", "{ }", .value("{ }")),
  ValueCase("s", "[1, 2, 3]", .refused("text of 9 bytes; the column holds 8")),
  ValueCase("s", "null", .null),

  // Times: microseconds since 2000.
  ValueCase("t", "946684800000", .value("0")), ValueCase("t", "0", .value("-946684800000000")),
  ValueCase("t", "1541105830796", .value("594421030796000")),
  ValueCase("t", "1541105830796.0", .value("594421030796000")),
  ValueCase("t", "253402300799999", .value("252455615999999000")),
  ValueCase("t", "253402300800000", notATime), ValueCase("t", "-1", notATime),
  ValueCase("t", "9223372036854775807", notATime), ValueCase("t", "1e400", notATime),
  ValueCase("t", "\"\"", .null), ValueCase("t", "\"soon\"", notANumber),
]

@Suite struct ValueTests {
  @Test(
    "A value is stored exactly, or refused with its column and the reason", arguments: valueCases)
  func values(_ example: ValueCase) throws {
    let loaded = try load("{\"\(example.column)\":\(example.json)}\n{\"s\":\"next\"}")
    switch example.outcome {
    case .value(let value):
      #expect(loaded.rejects == [])
      #expect(loaded.rows.first?[example.column] == value)
    case .null:
      #expect(loaded.rejects == [])
      #expect(loaded.rows.count == 2 && loaded.rows.first?[example.column] == nil)
    case .refused(let reason):
      #expect(loaded.reasons == ["f.json:1@0 \(example.column): \(reason)"])
      #expect(loaded.rows.count == 1)
    }
    #expect(loaded.rows.last?["s"] == "next")
  }

  @Test("A value that must be there is missed", arguments: ["{}", "{\"a\":null}", "{\"a\":\"\"}"])
  func required(_ record: String) throws {
    let table = StagingTable(
      name: "t", columns: [StagingColumn("number", .integer, .member("a"), required: true)])
    let loaded = try load(record, table: table)
    #expect(loaded.reasons == ["f.json:1@0 number: required, and it is missing or null"])
    #expect(loaded.rows == [])
  }

  @Test("Invalid UTF-8 is refused with its place, and its neighbours load")
  func invalidUTF8() throws {
    for bytes in [
      [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82], [0xF4, 0x90, 0x80, 0x80],
    ]
      as [[UInt8]]
    {
      let text =
        Array("{\"a\":1}\n{\"s\":\"".utf8) + bytes + Array("\",\"a\":2}\n{\"a\":3}".utf8)
      let loaded = try load(MemoryStore(files: [("f.json", text)]))
      #expect(loaded.values("a") == ["1", "3"])
      #expect(loaded.reasons == ["f.json:2@8 -: invalid UTF-8 at byte 6"])
      #expect(loaded.rejects.first?.rawText.contains("\u{FFFD}") == true)
    }
  }

  @Test("A record with more members than are read at a time is whole all the same")
  func manyMembers() throws {
    for extra in [62, 63, 64, 65, 127, 128, 129, 1000] {
      let many = (0..<extra).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
      let loaded = try load("{\"a\":1,\(many),\"b\":2}\n{\(many),\"a\":3}\n{\"a\":4,\(many),}\n")
      #expect(loaded.values("a") == ["1", "3"], "\(extra)")
      #expect(loaded.values("b") == ["2", nil], "\(extra)")
      #expect(loaded.rejects.map(\.line) == [3])
    }
  }

  @Test("The text of a reject is cut between characters")
  func longRawText() throws {
    let loaded = try load("{\"s\":\"" + String(repeating: "é", count: 5000) + "\"}")
    let reject = try #require(loaded.rejects.first)
    #expect(reject.isCut && reject.rawText.utf8.count <= Reject.rawTextLimit)
    #expect(reject.rawText.utf8.count >= Reject.rawTextLimit - 3)
    #expect(!reject.rawText.contains("\u{FFFD}"))
  }

  @Test("An empty text is a value, and none where a text is required")
  func emptyText() throws {
    let songs = [("S", "A"), ("", "A"), ("S", "")].map { song, artist in
      "{\"song_id\":\"\(song)\",\"artist_id\":\"\(artist)\",\"title\":\"\"}"
    }
    let loaded = try load(songs.joined(separator: "\n"), table: .songs)
    #expect(loaded.values("title") == [""])
    #expect(
      loaded.reasons.map { $0.drop { $0 != " " } } == [
        " song_id: required, and it is empty", " artist_id: required, and it is empty",
      ])
  }

  @Test("Broken JSON inside a value that no column wants is seen as far as brackets and quotes go")
  func brokenUnknown() throws {
    #expect(try load(#"{"z":{"a":"},"a":1}"#).rows == [])
    #expect(try load(#"{"z":tru,"a":1}"#).rows == [])
    #expect(try load(#"{"a":"b":1}"#).rows == [])
    #expect(try load(#"{"a":1 "b":1}"#).rows == [])
    #expect(try load(#"{"a" 1}"#).rows == [])
    #expect(try load(#"{a:1}"#).rows == [])
    #expect(try load(#"{"a":1,"z":"x"y}"#).rows == [])
  }
}
