/// What answers the calls of provisioning: AWS, or a rehearsal of it. All calls block.
protocol CloudCalls: Sendable {
  /// Asks a service that takes a form, and answers in XML.
  func query(
    _ service: AWSService, _ action: String, _ parameters: [(String, String)], purpose: String,
    _ cancellation: Cancellation
  ) throws(WarehouseError) -> XMLElement

  /// Asks a service that takes JSON.
  func json(
    _ service: AWSService, _ operation: String, _ members: [(String, JSONValue)], purpose: String,
    _ cancellation: Cancellation
  ) throws(WarehouseError) -> JSONValue

  /// The address that this machine has on the internet, as the text that came.
  func callerAddress(_ cancellation: Cancellation) throws(WarehouseError) -> String
}

/// AWS itself.
struct LiveCloudCalls: CloudCalls {
  let client: AWSClient

  func query(
    _ service: AWSService, _ action: String, _ parameters: [(String, String)], purpose: String,
    _ cancellation: Cancellation
  ) throws(WarehouseError) -> XMLElement {
    // Everything is keyed by its name, so doing it twice does the same as once.
    try client.query(service, action, parameters, purpose: purpose, cancellation)
  }

  func json(
    _ service: AWSService, _ operation: String, _ members: [(String, JSONValue)], purpose: String,
    _ cancellation: Cancellation
  ) throws(WarehouseError) -> JSONValue {
    try client.json(service, operation, members, purpose: purpose, cancellation)
  }

  func callerAddress(_ cancellation: Cancellation) throws(WarehouseError) -> String {
    var call = AWSCall(.checkIP, "GetAddress", purpose: "find this machine's own address")
    call.isUnsigned = true
    return String(decoding: try client.send(call, cancellation).body.prefix(256), as: UTF8.self)
  }
}

extension WarehouseError {
  /// Whether AWS answered with one of these codes. Some services add `Fault` or `Exception` to a
  /// name at one place and not at another.
  func isFault(_ names: String...) -> Bool {
    guard let code = serviceCode else { return false }
    var bare = code[...]
    for ending in ["Fault", "Exception"] where bare.hasSuffix(ending) {
      bare = bare.dropLast(ending.count)
    }
    return names.contains { $0 == code || $0 == bare }
  }
}
