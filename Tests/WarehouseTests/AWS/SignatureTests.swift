import Foundation
import Testing

@testable import Warehouse

/// Requests that botocore signed; Tests/aws/make_signatures.py wrote them.
private struct Vectors: Decodable {
  struct Vector: Decodable {
    var service, region, method, host, path, body, target, authorization: String
    var query, headers: [[String]]
    var token: String?
  }
  var key, secret: String
  var vectors: [Vector]

  static func load() throws -> Vectors {
    let tests = (0..<3).reduce(#filePath) { path, _ in FileSystem.parent(of: path) }
    let bytes = try FileSystem.read(tests + "/aws/signatures.json")
    return try JSONDecoder().decode(Vectors.self, from: Data(bytes))
  }
}

@Suite("Signatures")
struct SignatureTests {
  /// 2026-11-21T14:05:09Z
  private static let time = Timestamp(milliseconds: 1_795_269_909_000)

  @Test("are botocore's, for every service's form and the oddest keys")
  func vectors() throws {
    let all = try Vectors.load()
    #expect(all.vectors.count == 225)
    for vector in all.vectors {
      var request = HTTPRequest(method: vector.method, host: vector.host, path: vector.path)
      request.query = vector.query.map { ($0[0], $0[1]) }
      request.headers = vector.headers.map { ($0[0], $0[1]) }
      request.body = Array(vector.body.utf8)
      let credentials = AWSCredentials(
        accessKey: Secret(all.key), secretKey: Secret(all.secret),
        sessionToken: vector.token.map(Secret.init), origin: "a test")
      #expect(request.target == vector.target)
      try RequestSigner(service: vector.service, region: vector.region)
        .sign(&request, with: credentials, at: Self.time)
      #expect(request.headers.last?.value == vector.authorization, "\(vector.target)")
    }
  }

  @Test("are refused for a header with a line break, without telling its value")
  func lineBreak() throws {
    var request = HTTPRequest(host: "s3.amazonaws.com")
    let credentials = AWSCredentials(
      accessKey: Secret("k"), secretKey: Secret("s"), sessionToken: Secret("to\nken"),
      origin: "a test")
    let error = #expect(throws: WarehouseError.self) {
      try RequestSigner(service: "s3", region: "us-east-1")
        .sign(&request, with: credentials, at: Self.time)
    }
    #expect(error?.kind == .configuration)
    #expect(error?.description.contains("ken\n") == false)
    #expect(error?.detail?.contains("X-Amz-Security-Token") == true)
  }
}

@Suite("AWS's texts")
struct AWSTextTests {
  @Test("XML is read strictly: a cut document, an HTML page and an unknown entity are none")
  func xml() {
    let page = """
      <?xml version="1.0"?><!-- a --><R xmlns="http://x/"><K a='1'>a&amp;&lt;&#x41;&#66;<![CDATA[<b>]]></K>
      <L/><K>é</K></R>
      """
    let root = XMLElement(parsing: Array(page.utf8))
    #expect(root?.all("K").map(\.text) == ["a&<AB<b>", "é"])
    #expect(root?["L"]?.text == "")
    for length in 0..<(page.utf8.count - 1) {
      #expect(XMLElement(parsing: Array(page.utf8.prefix(length))) == nil)
    }
    for bad in [
      "<!DOCTYPE html><html><br></html>", "<a>&nbsp;</a>", "<a></b>", "<a/><b/>", "x<a/>",
      "<a x=1/>",
      String(repeating: "<a>", count: 65) + String(repeating: "</a>", count: 65),
    ] { #expect(XMLElement(parsing: Array(bad.utf8)) == nil, "\(bad)") }
    #expect(XMLElement(parsing: [0x3C, 0x61, 0x3E, 0xFF, 0x3C, 0x2F, 0x61, 0x3E]) == nil)
  }

  @Test("JSON is read whole or not at all")
  func json() {
    let value = JSONValue(
      parsing: Array(#"{"a":[1,-2.5,true,null,"\u00e9\ud83c\udfb5\n"],"b":{}}"#.utf8))
    #expect(value?["a"]?.elements?.count == 5)
    #expect(value?["a"]?.elements?.last?.text == "é🎵\n")
    #expect(value?["a"]?.elements?.first?.number == 1)
    for bad in ["", "{", #"{"a":}"#, "[1,]", "{} x", #""\ud83c""#, "nul", "\"a\nb\"", "[1 2]"] {
      #expect(JSONValue(parsing: Array(bad.utf8)) == nil, "\(bad)")
    }
  }

  @Test("times are read as HTTP and as ISO 8601 write them")
  func times() {
    #expect(
      Timestamp(httpDate: "Sun, 06 Nov 1994 08:49:37 GMT")?.text == "1994-11-06T08:49:37.000Z")
    #expect(
      Timestamp(iso8601: "2024-02-29T23:59:59.123Z")?.text == "2024-02-29T23:59:59.000Z")
    #expect(Timestamp(iso8601: "yesterday") == nil)
    #expect(Timestamp(httpDate: "Sun, 06 Foo 1994 08:49:37 GMT") == nil)
  }

  @Test("digests and Base64 are those of the standards")
  func digests() {
    #expect(
      Digest.sha256("abc".utf8).hex
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(Digest.md5("".utf8).base64 == "1B2M2Y8AsgTpgAmY7PhCfg==")
    #expect(
      ["", "f", "fo", "foo", "foob"].map { Array($0.utf8).base64 } == [
        "", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==",
      ])
  }
}
