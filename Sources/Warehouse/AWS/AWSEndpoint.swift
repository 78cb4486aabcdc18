/// Where a call goes.
extension AWSClient {
  /// The configured region, else the profile's; of S3's global address when there is none.
  var region: String {
    get throws(WarehouseError) {
      if let region = settings.region { return region }
      return try profiles.value("region") ?? "us-east-1"
    }
  }

  /// A request with scheme, host and path.
  ///
  /// - Throws: `.configuration` when the endpoint is none.
  func endpoint(of call: AWSCall, in region: String) throws(WarehouseError) -> HTTPRequest {
    if let configured = try configuredEndpoint(of: call.service) {
      return try Self.request(configured, call)
    }
    let host = call.service.host(in: region)
    guard let bucket = call.bucket else { return HTTPRequest(host: host, path: call.path) }
    // A certificate for *.s3.… fits no name with dots, and a host no capitals or underscores.
    let isHost = bucket.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
    }
    return isHost
      ? HTTPRequest(host: "\(bucket).\(host)", path: call.path)
      : HTTPRequest(host: host, path: "/\(bucket)\(call.path)")
  }

  private static func request(
    _ endpoint: String, _ call: AWSCall
  ) throws(WarehouseError) -> HTTPRequest {
    let parts = endpoint.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
    let rest = parts.count == 3 ? parts[2].split(separator: "/") : []
    let scheme = parts.first?.lowercased() ?? ""
    guard parts.count == 3, parts[1].isEmpty, scheme == "http:" || scheme == "https:",
      let host = rest.first, !host.contains("@")
    else {
      throw WarehouseError(
        .configuration, "could not use the endpoint of \(call.service.name)",
        detail: endpoint.contains("@") ? nil : endpoint,
        hint: "An endpoint reads like https://s3.example.com.")
    }
    let base = rest.dropFirst().map { "/" + $0 }.joined()
    let bucket = call.bucket.map { "/" + $0 } ?? ""
    return HTTPRequest(
      scheme: String(scheme.dropLast()), host: String(host), path: base + bucket + call.path)
  }

  /// The endpoint that somebody named: a flag, the variable of the service, the variable of all or
  /// dwh.cfg, the profile's for the service, the profile's for all.
  private func configuredEndpoint(of service: AWSService) throws(WarehouseError) -> String? {
    let surroundings = settings.surroundings
    if settings.endpointIsFlag, let endpoint = settings.endpoint { return endpoint }
    let ignores =
      surroundings["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]?.reveal().lowercased() == "true"
    if ignores { return nil }
    if let endpoint = surroundings["AWS_ENDPOINT_URL_\(service.variable)"] {
      return endpoint.reveal()
    }
    if let endpoint = settings.endpoint { return endpoint }
    return try profiles.endpoint(of: service)
  }
}
