extension CloudWork {
  /// The password to make the warehouse with. A generated one is in the file before anything is
  /// made with it, so that no interruption loses it.
  func settlePassword(_ files: CloudFiles) throws(WarehouseError) -> Secret {
    switch plan.login {
    case .password(let password): return password
    case .temporary: return MasterPassword.make()
    case .generated:
      return try step(.password) { () throws(WarehouseError) in
        let password = MasterPassword.make()
        try files.write(password: password)
        if let name = files.louder[.password] {
          observe(.warned(.password, "\(name) is set, and counts instead of it"))
        }
        return (password, .made, "written to \(files.localPath), for its owner alone")
      }
    }
  }
}
