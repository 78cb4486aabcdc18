import Testing

@testable import Warehouse

/// S3 over TLS, where the server's certificate is one of an authority that nobody knows.
@Suite("TLS to AWS")
struct TransportSecurityTests {
  private static let server = Task { try AWSStandIn.start("tls_server.py") }

  private func get(_ endpoint: String, bundle: String?) -> Result<String, WarehouseError> {
    var settings = AWSSettings()
    settings.accessKey = Secret("AKIDTESTS")
    settings.secretKey = Secret("hidden-secret")
    settings.region = "us-west-2"
    settings.endpoint = endpoint
    var variables = ["AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1"]
    variables["AWS_CA_BUNDLE"] = bundle
    settings.surroundings = AWSSurroundings(
      homeFolder: "/nowhere", variables: variables.mapValues(Secret.init))
    return Result { () throws(WarehouseError) in
      String(
        decoding: try S3Client(AWSClient(settings)).get("k", in: "bkt").bytes, as: UTF8.self)
    }
  }

  @Test("is trusted with AWS_CA_BUNDLE alone, and what is wrong without it is said")
  func authority() async throws {
    let words = try await Self.server.value.split(separator: " ").map(String.init)
    try #require(words.count == 2)
    let endpoint = "https://127.0.0.1:\(words[0])"
    #expect(get(endpoint, bundle: words[1]) == .success("hello"))
    for (endpoint, bundle, part) in [
      (endpoint, nil, "certificate"), (endpoint, "/nowhere/ca.pem", "/nowhere/ca.pem"),
      // The certificate is the address's and not the name's.
      ("https://localhost:\(words[0])", words[1], "localhost"),
    ] as [(String, String?, String)] {
      guard case .failure(let error) = get(endpoint, bundle: bundle) else {
        Issue.record("\(part) was accepted")
        continue
      }
      #expect(error.kind == .connection)
      #expect(error.detail?.contains(part) == true, "\(error.detail ?? "")")
      #expect(error.hint?.contains("AWS_CA_BUNDLE") == true)
    }
  }
}
