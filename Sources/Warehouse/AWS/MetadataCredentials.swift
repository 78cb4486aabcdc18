/// Credentials that the container or the machine has by itself.
struct MetadataCredentials {
  /// A service on the same machine answers at once, or is not there.
  private static let limits = HTTPLimits(
    connect: .seconds(1), stall: .seconds(2), bodyBytes: 256 << 10)

  private let surroundings: AWSSurroundings
  private let transport: HTTPTransport

  init(_ surroundings: AWSSurroundings, _ transport: HTTPTransport) {
    self.surroundings = surroundings
    self.transport = transport
  }

  /// Those of ECS or EKS (SDKs and Tools reference, "Container credential provider").
  func container(_ cancellation: Cancellation) throws(WarehouseError) -> AWSCredentials? {
    let origin = "this container"
    let address: String
    if let path = surroundings["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"]?.reveal() {
      address = "http://169.254.170.2" + path
    } else if let url = surroundings["AWS_CONTAINER_CREDENTIALS_FULL_URI"]?.reveal() {
      address = url
    } else {
      return nil
    }
    guard var request = Self.request(address), Self.isTrusted(request) else {
      throw unusable(origin, "AWS_CONTAINER_CREDENTIALS_FULL_URI is not an address of this machine")
    }
    if let path = surroundings["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"]?.reveal() {
      let token = String(decoding: try FileSystem.read(path, limit: 64 << 10), as: UTF8.self)
      request.headers.append(("Authorization", token[...].trimmingBlanks))
    } else if let token = surroundings["AWS_CONTAINER_AUTHORIZATION_TOKEN"] {
      request.headers.append(("Authorization", token.reveal()))
    }
    return try read(send(request, origin, cancellation), origin)
  }

  /// Those of an EC2 instance, by the second version of its metadata service; nil when this machine
  /// is none.
  func instance(_ cancellation: Cancellation) throws(WarehouseError) -> AWSCredentials? {
    let isOff = surroundings["AWS_EC2_METADATA_DISABLED"]?.reveal().lowercased() == "true"
    let given = surroundings["AWS_EC2_METADATA_SERVICE_ENDPOINT"]?.reveal()
    guard !isOff, given != nil || Self.isInstance else { return nil }
    let origin = "this EC2 instance"
    let base =
      given.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 } ?? "http://169.254.169.254"
    guard var asking = Self.request(base + "/latest/api/token") else {
      throw unusable(origin, "AWS_EC2_METADATA_SERVICE_ENDPOINT is not an address")
    }
    asking.method = "PUT"
    asking.headers = [("X-aws-ec2-metadata-token-ttl-seconds", "21600")]
    let token = String(decoding: try send(asking, origin, cancellation), as: UTF8.self)
    let folder = "/latest/meta-data/iam/security-credentials/"
    func get(_ path: String) throws(WarehouseError) -> [UInt8] {
      guard var request = Self.request(base + path) else { throw unusable(origin, path) }
      request.headers = [("X-aws-ec2-metadata-token", token)]
      return try send(request, origin, cancellation)
    }
    let roles = String(decoding: try get(folder), as: UTF8.self).split(whereSeparator: \.isNewline)
    guard let role = roles.first else { throw unusable(origin, "it has no role") }
    return try read(try get(folder + PercentEncoding.encode(String(role))), origin)
  }

  /// Whether the firmware says that this machine is Amazon's. Elsewhere nobody answers at the
  /// address of the metadata, and asking would be a second lost.
  private static var isInstance: Bool {
    ["/sys/class/dmi/id/sys_vendor", "/sys/class/dmi/id/board_vendor"].contains { path in
      let bytes = (try? FileSystem.read(path, limit: 4096)) ?? []
      return String(decoding: bytes, as: UTF8.self).hasPrefix("Amazon")
    }
  }

  private static func request(_ address: String) -> HTTPRequest? {
    let parts = address.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count >= 3, parts[1].isEmpty, !parts[2].isEmpty,
      parts[0] == "http:" || parts[0] == "https:"
    else { return nil }
    return HTTPRequest(
      scheme: String(parts[0].dropLast()), host: String(parts[2]),
      path: "/" + (parts.count > 3 ? String(parts[3]) : ""))
  }

  /// Over http only this machine and the two addresses that containers use: a token goes along.
  private static func isTrusted(_ request: HTTPRequest) -> Bool {
    let host =
      request.host.hasPrefix("[")
      ? request.host.prefix { $0 != "]" }.dropFirst() : request.host.prefix { $0 != ":" }
    return request.scheme == "https" || host.hasPrefix("127.")
      || ["localhost", "169.254.170.2", "169.254.170.23", "::1", "fd00:ec2::23"].contains(host)
  }

  private func send(
    _ request: HTTPRequest, _ origin: String, _ cancellation: Cancellation
  ) throws(WarehouseError) -> [UInt8] {
    switch transport.send(request, limits: Self.limits, cancellation) {
    case .success(let response) where response.status == 200: return response.body
    case .success(let response): throw unusable(origin, "it answered with \(response.status)")
    case .failure(.cancelled): throw .cancelled
    case .failure(let failure): throw unusable(origin, failure.words)
    }
  }

  private func read(_ body: [UInt8], _ origin: String) throws(WarehouseError) -> AWSCredentials {
    guard let json = JSONValue(parsing: body), let key = json["AccessKeyId"]?.text,
      let secret = json["SecretAccessKey"]?.text
    else { throw unusable(origin, "its answer holds no credentials") }
    return AWSCredentials(
      accessKey: Secret(key), secretKey: Secret(secret),
      sessionToken: json["Token"]?.text.map(Secret.init),
      expiration: json["Expiration"]?.text.flatMap(Timestamp.init(iso8601:)), origin: origin)
  }

  private func unusable(_ origin: String, _ detail: String) -> WarehouseError {
    WarehouseError(
      .configuration, "could not get credentials from \(origin)", detail: detail,
      hint: "Look at its role, or set AWS.PROFILE or keys.")
  }
}
