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

  /// Runs one statement on a warehouse; its rows.
  func sql(
    _ statement: String, through door: CloudDoor, _ cancellation: Cancellation
  ) throws(WarehouseError) -> [[String?]]
}

/// Where somebody gets into a warehouse that runs.
struct CloudDoor: Sendable, Equatable {
  var endpoint: CloudEndpoint
  var database: String
  var user: String
  var password: Secret
}

/// AWS itself.
struct LiveCloudCalls: CloudCalls {
  let client: AWSClient
  /// How a warehouse is connected to, beside where it is and who comes.
  var connection = ConnectionSettings()
  /// Hears of statements, as the client's hears of calls.
  var observer: StatementObserver?

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

  func sql(
    _ statement: String, through door: CloudDoor, _ cancellation: Cancellation
  ) throws(WarehouseError) -> [[String?]] {
    let startedAt = Timestamp.now().milliseconds
    let start = ContinuousClock.now
    let answer = Result { () throws(WarehouseError) -> [[String?]] in
      let session = try PostgresConnection(
        try settings(of: door), isAbandoned: { cancellation.isCancelled })
      return try session.run(script: statement)
    }
    var error: WarehouseError?
    if case .failure(let failure) = answer { error = failure }
    observer?(
      StatementRecord(
        sql: statement, parameterCount: 0, startedAt: startedAt,
        duration: ContinuousClock.now - start, rows: nil, error: error))
    return try answer.get()
  }

  private func settings(of door: CloudDoor) throws(WarehouseError) -> ConnectionSettings {
    var settings = connection
    settings.host = door.endpoint.host
    settings.port = door.endpoint.port
    settings.database = door.database
    return try settings.logged(
      in: DatabaseLogin(user: door.user, password: door.password, expiration: .now()))
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
