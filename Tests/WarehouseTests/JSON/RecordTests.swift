import Testing

@testable import Warehouse

/// A text, the values of column `a` that come out of it, and the rejects.
struct Case: CustomTestStringConvertible, Sendable {
  let name: String
  let text: String
  let values: [Int]
  let lines: [Int]
  /// `line@offset reason`
  let rejects: [String]

  init(
    _ name: String, _ text: String, _ values: [Int], lines: [Int]? = nil, rejects: [String] = []
  ) {
    self.name = name
    self.text = text
    self.values = values
    self.lines = lines ?? Array(1..<values.count + 1)
    self.rejects = rejects
  }

  var testDescription: String { name }
}

private let incomplete = "broken JSON: the record is not complete"
private let tooLong = "longer than 120 bytes, the most that a record may have"

let recordCases: [Case] = [
  // Shapes of sound files.
  Case("nothing", "", []),
  Case("blanks alone", " \n\t\r\n\n", []),
  Case("one object a line", "{\"a\":1}\n{\"a\":2}\n", [1, 2]),
  Case("no newline at the end", "{\"a\":1}\n{\"a\":2}", [1, 2]),
  Case("a byte order mark", "\u{FEFF}{\"a\":1}\n{\"a\":2}", [1, 2]),
  Case("only a byte order mark", "\u{FEFF}", []),
  Case("carriage returns", "{\"a\":1}\r\n{\"a\":2}\r\n", [1, 2]),
  Case("blank lines", "\n\n{\"a\":1}\n\n \n{\"a\":2}\n\n", [1, 2], lines: [3, 6]),
  Case("indented lines", "  {\"a\":1}\n\t{\"a\":2}  \n", [1, 2]),
  Case(
    "several on a line", "{\"a\":1}{\"a\":2} {\"a\":3}\n{\"a\":4}", [1, 2, 3, 4],
    lines: [1, 1, 1, 2]),
  Case("over several lines", "{\n  \"a\": 1\n}\n{\n  \"a\": 2\n}\n", [1, 2], lines: [1, 4]),
  Case(
    "objects in objects over lines",
    "{\n  \"x\": [\n    {\n      \"a\": 9\n    },\n    {\n      \"a\": 8\n    }\n  ],\n  \"a\": 1\n}\n{\"a\":2}",
    [1, 2], lines: [1, 12]),
  Case(
    "objects in objects over lines without indentation",
    "{\n\"x\": [\n{\n\"a\": 9\n},\n{\n\"a\": 8\n}\n],\n\"a\": 1\n}\n{\"a\":2}", [1, 2],
    lines: [1, 12]),
  Case("an array on one line", "[{\"a\":1},{\"a\":2}, {\"a\":3}]", [1, 2, 3], lines: [1, 1, 1]),
  Case("an array over lines", "[\n{\"a\":1},\n{\"a\":2}\n]\n", [1, 2], lines: [2, 3]),
  Case(
    "an array, pretty", "[\n  {\n    \"a\": 1\n  },\n  {\n    \"a\": 2\n  }\n]", [1, 2],
    lines: [2, 5]),
  Case("arrays after one another", "[{\"a\":1}]\n[{\"a\":2}]\n{\"a\":3}", [1, 2, 3]),
  Case("an empty array", "[]\n[ ]\n", []),
  Case("commas at the ends of lines", "{\"a\":1},\n{\"a\":2},\n", [1, 2]),
  Case("brackets in text", "{\"s\":\"}{\",\"a\":1}{\"s\":\"][\",\"a\":2}", [1, 2], lines: [1, 1]),
  Case("quotes in text", #"{"s":"\"{","a":1}{"s":"\\","a":2}"#, [1, 2], lines: [1, 1]),
  Case("keys in any order", "{\"s\":\"x\",\"a\":1}\n{\"a\":2,\"s\":\"x\"}\n{\"a\":3}", [1, 2, 3]),
  Case("unknown keys", #"{"z":1,"a":1,"zz":{"a":[7]}}"# + "\n" + #"{"a":2,"q":[]}"#, [1, 2]),
  Case("an escaped key", #"{"\u0061":1}"#, [1]),
  Case("the last of two", #"{"a":1,"a":2}"#, [2]),
  Case("an empty object", "{}\n{\"a\":2}", [2], lines: [2]),

  // Broken ones: the reject, and the neighbours.
  Case(
    "a line cut short", "{\"a\":1}\n{\"a\":2,\"s\":\"x\n{\"a\":3}\n", [1, 3], lines: [1, 3],
    rejects: ["2@8 \(incomplete)"]),
  Case(
    "cut after a value", "{\"a\":2\n{\"a\":3}\n", [3], lines: [2], rejects: ["1@0 \(incomplete)"]),
  Case(
    "cut after a colon", "{\"a\":\n{\"a\":3}\n{\"a\":4}\n", [3, 4], lines: [2, 3],
    rejects: ["1@0 \(incomplete)"]),
  Case(
    "cut after a colon, before the last line", "{\"a\":\n{\"a\":3}\n", [3], lines: [2],
    rejects: ["1@0 \(incomplete)"]),
  Case(
    "cut after a comma", "{\"a\":1,\n{\"a\":3}\n", [3], lines: [2], rejects: ["1@0 \(incomplete)"]),
  Case(
    "cut in an array", "{\"x\":[1,\n{\"a\":3}\n{\"a\":4}", [3, 4], lines: [2, 3],
    rejects: ["1@0 \(incomplete)"]),
  Case(
    "cut after a bracket", "{\"x\":[\n{\"a\":3}\n{\"a\":4}", [3, 4], lines: [2, 3],
    rejects: ["1@0 \(incomplete)"]),
  Case(
    "cut in a string with a bracket", "{\"s\":\"}\n {\"a\":3}\n", [3], lines: [2],
    rejects: ["1@0 \(incomplete)"]),
  Case("cut at the end", "{\"a\":1}\n{\"a\":2", [1], rejects: ["2@8 \(incomplete)"]),
  Case(
    "a pretty object without its end", "{\n  \"a\": 1,\n  \"s\": \"x\"\n{\n  \"a\": 2\n}\n", [2],
    lines: [4], rejects: ["1@0 \(incomplete)"]),
  Case(
    "a pretty object with a broken string is one reject",
    "{\n  \"a\": 1,\n  \"s\": \"x\n  \"t\": 1\n}\n{\n  \"a\": 2\n}\n", [2], lines: [6],
    rejects: ["1@0 \(incomplete)"]),
  Case(
    "a pretty object with a broken value is one reject",
    "{\n  \"a\": oops,\n  \"s\": \"x\"\n}\n{\n  \"a\": 2\n}\n", [2], lines: [5],
    rejects: ["1@0 broken JSON: a number is not written as JSON has it"]),
  Case(
    "a broken element of an array", "[\n  {\"a\":1},\n  {\"a\":,\n  {\"a\":3}\n]", [1, 3],
    lines: [2, 4], rejects: ["3@15 \(incomplete)"]),
  Case(
    "broken JSON on a line", "{\"a\":1,,}\n{\"a\":2}", [2], lines: [2],
    rejects: ["1@0 broken JSON"]),
  Case(
    "broken JSON between two on a line", "{\"a\":1}{\"a\" 2}{\"a\":3}", [1, 3], lines: [1, 1],
    rejects: ["1@7 broken JSON"]),
  Case("a trailing comma", "{\"a\":1,}\n", [], rejects: ["1@0 broken JSON"]),
  Case(
    "garbage after an object", "{\"a\":1} x\n{\"a\":2}", [1, 2],
    rejects: ["1@8 broken JSON: not an object"]),
  Case(
    "one bracket too many", "{\"a\":1}}\n{\"a\":2}", [1, 2],
    rejects: ["1@7 broken JSON: not an object"]),
  Case(
    "what is no object", "null\n7\n\"x\"\ntrue\n{\"a\":1}\nhello {\n{\"a\":2}", [1, 2],
    lines: [5, 7],
    rejects: [
      "1@0 not an object: a bare value", "2@5 not an object: a bare value",
      "3@7 not an object: a bare value", "4@11 not an object: a bare value",
      "6@24 broken JSON: not an object",
    ]),
  Case(
    "what is no object in an array", "[1,{\"a\":1},\"x\",[{\"a\":2}],{\"a\":3}]", [1, 3],
    lines: [1, 1],
    rejects: [
      "1@1 not an object: a bare value", "1@11 not an object: a bare value",
      "1@15 not an object: an array in an array",
    ]),
  Case(
    "an array without its end", "[{\"a\":1},\n{\"a\":2}", [1, 2],
    rejects: ["2@17 broken JSON: the file ends inside an array of records"]),
  Case(
    "a raw control character", "{\"s\":\"a\u{1}b\"}\n{\"a\":2}", [2], lines: [2],
    rejects: ["1@0 broken JSON: a control character inside a string"]),
  Case(
    "a raw NUL", "{\"s\":\"a\0b\"}\n{\"a\":2}", [2], lines: [2],
    rejects: ["1@0 broken JSON: a control character inside a string"]),
  Case(
    "numbers that are none", "{\"a\":0200}\n{\"a\":+1}\n{\"a\":NaN}\n{\"a\":.5}\n{\"a\":4}", [4],
    lines: [5],
    rejects: [
      "1@0 broken JSON: a number is not written as JSON has it",
      "2@11 broken JSON: a number is not written as JSON has it",
      "3@20 broken JSON: a number is not written as JSON has it",
      "4@30 broken JSON: a number is not written as JSON has it",
    ]),

  // Records of more than 120 bytes, which is all that the test allows.
  Case(
    "a long line",
    "{\"a\":1}\n{\"a\":2,\"x\":\"" + String(repeating: "y", count: 150) + "\"}\n{\"a\":3}",
    [1, 3], lines: [1, 3], rejects: ["2@8 \(tooLong)"]),
  Case(
    "a long element",
    "[{\"a\":1},{\"x\":\"" + String(repeating: "y", count: 150) + "\"},{\"a\":3}]",
    [1, 3], lines: [1, 1], rejects: ["1@9 \(tooLong)"]),
  Case(
    "a long object over lines",
    "{\"a\":1}\n{\n" + String(repeating: "  \"x\": 123,\n", count: 12) + "  \"a\": 7\n}\n{\"a\":3}",
    [1, 3], lines: [1, 17], rejects: ["2@8 \(tooLong)"]),
  Case(
    "a long string without its end",
    "{\"s\":\"" + String(repeating: "y", count: 150) + "\n{\"a\":3}", [3], lines: [2],
    rejects: ["1@0 \(tooLong)"]),
  Case(
    "a long line that is no JSON", String(repeating: "y", count: 150) + "\n{\"a\":3}", [3],
    lines: [2],
    rejects: ["1@0 \(tooLong)"]),
  Case(
    "a long record without its end", "{\"a\":1}\n{\"x\":[" + String(repeating: "1,", count: 80),
    [1], rejects: ["2@8 \(tooLong)"]),
  Case(
    "a record that is not whole, and many blanks",
    "{\"s\":\"x}\n" + String(repeating: " ", count: 119) + "{\"a\":2}\n{\"a\":3}", [2, 3],
    lines: [2, 3], rejects: ["1@0 \(tooLong)"]),
]

@Suite struct RecordTests {
  @Test("Records are found in every shape of file", arguments: recordCases)
  func shapes(_ example: Case) throws {
    let loaded = try load(example.text) { $0.maxRecordBytes = 120 }
    let rows = loaded.rows.filter { $0["a"] != nil }
    #expect(rows.map { $0["a"] } == example.values.map(String.init))
    #expect(rows.map { $0["source_line"] } == example.lines.map(String.init))
    let rejects = loaded.rejects.map { "\($0.line)@\($0.byteOffset ?? -1) \($0.reason)" }
    #expect(rejects == example.rejects)
  }

  @Test("Where a text is cut into blocks changes nothing", arguments: recordCases)
  func everyBlockSize(_ example: Case) throws {
    let whole = try load(example.text) { $0.maxRecordBytes = 120 }
    for size in 1...min(200, max(1, example.text.utf8.count + 1)) {
      let cut = try load(example.text) {
        $0.maxRecordBytes = 120
        $0.blockBytes = size
      }
      #expect(cut == whole, "blocks of \(size) bytes")
    }
  }

  @Test("All shapes in one file load the same for every block size")
  func nastyCorpus() throws {
    let text = recordCases.map(\.text).joined(separator: "\n")
    let whole = try load(text) { $0.maxRecordBytes = 120 }
    #expect(whole.rows.count > 50)
    for size in [1, 2, 3, 5, 7, 8, 13, 21, 34, 55, 64, 65, 89, 100, 144, 200, 233, 500, 1000, 2000]
    {
      let cut = try load(text) {
        $0.maxRecordBytes = 120
        $0.blockBytes = size
      }
      #expect(cut == whole, "blocks of \(size) bytes")
    }
  }

  @Test("A line cut short anywhere costs that line alone")
  func truncatedAnywhere() throws {
    let good = #"{"a":1,"s":"x}","x":{"y":[1,{"z":2}]},"b":3}"#
    for length in 1..<good.utf8.count {
      let text = "\(good)\n\(good.prefix(length))\n\(good)\n\(good)\n"
      let loaded = try load(text)
      #expect(loaded.rows.map { $0["source_line"] } == ["1", "3", "4"], "\(good.prefix(length))")
      #expect(loaded.rejects.map(\.line) == [2], "\(good.prefix(length))")
    }
  }
}

@Suite("Checking a record")
struct RecordCheckTests {
  @Test(
    "comes to the same as reading it, whatever is in it",
    arguments: recordCases.map(\.text) + [
      #"{"a":-0,"b":0.5e-7,"c":18446744073709551616,"d":1e999}"#, #"{"a":01}"#, #"{"a":-}"#,
      #"{"a":1.}"#, #"{"a":+1}"#, #"{"a":1 2}"#, #"{"a":12x}"#, #"{"a":"\ud800"}"#,
      #"{"a":"\x"}"#, #"{"\x":1}"#, #"{"a":"\u00"}"#, "{\"a\":\"\u{1}\"}", #"{"a":tru}"#,
      #"{"a":true"#, #"{"a":nullx}"#, #"{"a":{"b":[1,{"c":"}"}]}}"#, #"{"a":[1,2}"#, #"{"a":}"#,
      #"{"a"}"#, #"{"a":1,}"#, #"{,}"#, #"{"a":1}{"#, #"{"a":1} x"#, "[1]", "1", "",
      "{" + (0..<200).map { #""k\#($0)":\#($0)"# }.joined(separator: ",") + "}",
      "{" + (0..<200).map { #""k\#($0)":\#($0)"# }.joined(separator: ",") + ",\"x\":nul}",
    ])
  func agrees(_ text: String) {
    let bytes = Array(text.utf8)
    var parser = JSONParser(maxRecordBytes: 1 << 20)
    (bytes + [UInt8](repeating: 0x20, count: 64))
      .withUnsafeBufferPointer { padded in
        guard let start = padded.baseAddress else { return }
        let read = parser.read(start, bytes.count)
        #expect(parser.check(start, bytes.count) == read)
      }
  }
}
