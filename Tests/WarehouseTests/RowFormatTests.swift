import Testing

@testable import Warehouse

private let columns = [
  ResultColumn(name: "id", kind: .integer), ResultColumn(name: "na\"me", kind: .text),
  ResultColumn(name: "share", kind: .number), ResultColumn(name: "on", kind: .boolean),
]
private let rows: [[String?]] = [
  ["1", "a,b", "0.5", "t"], ["2", "", "NaN", "f"], [nil, nil, nil, nil],
  ["3", "say \"hi\"\nthere | <b>\u{1}", "1e300", "t"],
]

private func written(_ format: RowFormat, _ rows: [[String?]]) -> String {
  var writer = RowFormatter(format, columns: columns)
  return rows.reduce(into: writer.header()) { $0 += writer.row($1) } + writer.footer()
}

@Test func csvTellsNullFromEmptyAndQuotesWhatMustBeQuoted() {
  #expect(
    written(.csv, rows) == "id,\"na\"\"me\",share,on\r\n1,\"a,b\",0.5,t\r\n2,\"\",NaN,f\r\n,,,\r\n"
      + "3,\"say \"\"hi\"\"\nthere | <b>\u{1}\",1e300,t\r\n")
}

@Test func jsonKeepsNumbersAsNumbersAndEscapesControls() {
  #expect(
    written(.json, rows) == """
      [
      {"id":1,"na\\"me":"a,b","share":0.5,"on":true},
      {"id":2,"na\\"me":"","share":"NaN","on":false},
      {"id":null,"na\\"me":null,"share":null,"on":null},
      {"id":3,"na\\"me":"say \\"hi\\"\\nthere | <b>\\u0001","share":1e300,"on":true}
      ]

      """)
  #expect(written(.json, []) == "[]\n")
  #expect(written(.jsonLines, [rows[2]]).hasPrefix("{\"id\":null"))
}

@Test func aLineOfJSONStaysALineWhateverAJSONColumnHolds() {
  var writer = RowFormatter(.jsonLines, columns: [ResultColumn(name: "j", kind: .json)])
  let value = "{\r\n  \"a\": 12345678901234567890.10,\n  \"b\": \"x\\ny\"\n}"
  let line = writer.row([value])
  #expect(line == "{\"j\":{    \"a\": 12345678901234567890.10,   \"b\": \"x\\ny\" }}\n")
}

@Test func markdownKeepsItsCellsTogether() {
  #expect(
    written(.markdown, [rows[3]]) == """
      | id | na"me | share | on |
      | ---: | --- | ---: | --- |
      | 3 | say "hi"<br>there \\| &lt;b>\u{1} | 1e300 | t |

      """)
}

@Test func aQuoteWithACombiningMarkIsStillAQuote() {
  let text = "a\"\u{301}; b"
  #expect(Identifier(text).sql.unicodeScalars.elementsEqual("\"a\"\"\u{301}; b\"".unicodeScalars))
  #expect("'\u{301}".sqlLiteral.unicodeScalars.elementsEqual("'''\u{301}'".unicodeScalars))
  #expect(
    written(.csv, [[text, nil, nil, nil]]).unicodeScalars.elementsEqual(
      "id,\"na\"\"me\",share,on\r\n\"a\"\"\u{301}; b\",,,\r\n".unicodeScalars))
}

@Test func columnsOfOneNameAreMembersOfTheirOwnInJSON() {
  let names = ["a", "a", "a_2", "a", "b"]
  let columns = names.map { ResultColumn(name: $0, kind: .integer) }
  var json = RowFormatter(.jsonLines, columns: columns)
  #expect(
    json.row(["1", "2", "3", "4", "5"]) == #"{"a":1,"a_3":2,"a_2":3,"a_4":4,"b":5}"# + "\n")
  #expect(RowFormatter(.csv, columns: columns).header() == "a,a,a_2,a,b\r\n")
}
