import Testing

@testable import Warehouse

@Suite("Reading small JSON texts")
struct JSONReadingTests {
  @Test(
    "gives back what was written",
    arguments: [
      "null", "true", "[]", "{}", "-12", "1.5", #"{"a":[1,{"b":"c"}],"d":null}"#,
      #""tab \t, quote \", é, \u0001""#,
    ])
  func roundTrip(_ text: String) throws {
    let value = try #require(JSONValue(parsing: Array(text.utf8)))
    var json = JSONText()
    json.value(value)
    #expect(json.text == text)
  }

  @Test("reads escapes and pairs of them")
  func escapes() {
    #expect(JSONValue(parsing: Array(#""A\u00e9\ud83d\ude00\/""#.utf8))?.text == "Aé😀/")
  }

  @Test(
    "refuses what is no JSON",
    arguments: [
      "", "{", "[1,", "{\"a\"}", "{\"a\":1,}", "01", "1.", "nul", "\"a", "\"\u{1}\"", "{} x",
      "\"\\ud83d\"", "\"\\ud83dx\"", "\"\\x\"", "\"\\u12", "+1", "[1 2]", "NaN",
    ])
  func refused(_ text: String) {
    #expect(JSONValue(parsing: Array(text.utf8)) == nil)
  }

  @Test("refuses what is nested too deeply, and bytes that are no UTF-8")
  func hostile() {
    #expect(JSONValue(parsing: Array(repeating: UInt8(ascii: "["), count: 1_000_000)) == nil)
    #expect(JSONValue(parsing: [0x22, 0xFF, 0x22]) == nil)
  }
}
