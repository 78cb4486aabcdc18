/// The user that AWS's temporary logins are for, on serverless.
extension CloudWork {
  /// Lets that user make schemas. A workgroup's logins are for a user of the caller's own, who may
  /// do nothing at first (Redshift Serverless API reference, "GetCredentials"): only the namespace's
  /// first user can change that.
  ///
  /// - Parameter password: the first user's; nil when nobody knows it any more, and then he gets a
  ///   new one.
  func settleCaller(
    of namespace: String, at endpoint: CloudEndpoint, _ password: Secret?
  ) throws(WarehouseError) {
    try step(.login) { () throws(WarehouseError) in
      let caller: (name: String, mayCreate: Bool)
      do throws(WarehouseError) {
        caller = try self.caller(at: endpoint)
      } catch {
        guard error.isUnreachable else { throw error }
        observe(.warned(.login, unreachable(error)))
        return ((), .kept, "not looked at")
      }
      if caller.mayCreate { return ((), .kept, "\(caller.name) may make schemas") }
      let known: Secret
      if let password { known = password } else { known = try renewPassword(of: namespace) }
      let door = CloudDoor(
        endpoint: endpoint, database: plan.database, user: plan.user, password: known)
      let grant =
        "GRANT CREATE ON DATABASE \(Identifier(plan.database).sql) "
        + "TO \(Identifier(caller.name).sql)"
      // A new password holds a moment after AWS took it.
      try settling(while: { $0.sqlState != nil && $0.kind == .connection }) {
        () throws(WarehouseError) in
        _ = try calls.sql(grant, through: door, cancellation)
      }
      return ((), .changed, "\(caller.name) may make schemas now")
    }
  }

  /// Who the caller is in the database, and whether he may make schemas there. A name or a rule
  /// that was just made is not known everywhere for some seconds.
  private func caller(
    at endpoint: CloudEndpoint
  ) throws(WarehouseError) -> (name: String, mayCreate: Bool) {
    let login = try serverless.credentials(of: plan.name, database: plan.database)
    let door = CloudDoor(
      endpoint: endpoint, database: plan.database, user: login.user, password: login.password)
    // Where packets are dropped, each try takes its time.
    var tries = plan.isPublic ? 8 : 1
    let row = try settling(while: { error in
      tries -= 1
      return error.isUnreachable && tries > 0
    }) { () throws(WarehouseError) in
      try calls.sql(
        "SELECT current_user, has_database_privilege(current_database(), 'CREATE')",
        through: door, cancellation
      ).first ?? []
    }
    return (row.text(0), row.text(1) == "t")
  }

  /// Gives the namespace's first user a password that nobody keeps.
  private func renewPassword(of namespace: String) throws(WarehouseError) -> Secret {
    let password = MasterPassword.make()
    try serverless.changeNamespace(
      namespace,
      [
        ("adminUsername", .string(plan.user)),
        ("adminUserPassword", .string(password.reveal())),
      ])
    try waitForNamespace(namespace)
    _ = try waitUntilWorkgroupSteady()
    return password
  }

  private func unreachable(_ error: WarehouseError) -> String {
    "whether your user may make schemas is not known (\(error.message)): provision again from "
      + "where the warehouse can be reached"
  }
}

extension WarehouseError {
  /// Whether no server answered, of itself or in AWS's name.
  fileprivate var isUnreachable: Bool {
    kind == .connection && sqlState == nil && serviceCode == nil
  }
}
