import Glibc

/// The account of the operating system that a server runs under, and owns its data.
///
/// PostgreSQL refuses to run as root, so root hands it to the account that the data belongs to
/// already, or to `postgres`, which the distributions' packages create.
struct ServerAccount: Sendable, Equatable {
  let name: String
  let userID: uid_t
  let groupID: gid_t

  /// Whether it is not the account of this process.
  var isForeign: Bool { userID != geteuid() }

  /// The account of this process.
  static func current() throws(WarehouseError) -> ServerAccount {
    try find("the current user") { getpwuid_r(geteuid(), $0, $1, $2, $3) }
  }

  /// The account for a cluster whose data is, or will be, in `dataFolder`.
  static func serving(_ dataFolder: String) throws(WarehouseError) -> ServerAccount {
    var status = stat()
    let owner = stat(dataFolder, &status) == 0 ? status.st_uid : nil
    guard geteuid() == 0 else {
      if let owner, owner != geteuid() {
        throw WarehouseError(
          .system, "could not use the embedded warehouse in \(dataFolder)",
          detail: "it belongs to another account",
          hint: "Use the account that made it, or another state folder.")
      }
      return try current()
    }
    if let owner, owner != 0 {
      return try find("the account \(owner)") { getpwuid_r(owner, $0, $1, $2, $3) }
    }
    return try find("the account postgres") { getpwnam_r("postgres", $0, $1, $2, $3) }
  }

  /// What stands before a program and its arguments so that it runs under this account.
  func prefix() throws(WarehouseError) -> [String] {
    guard isForeign else { return [] }
    let places = ["/usr/bin/setpriv", "/bin/setpriv", "/usr/sbin/setpriv"]
    guard let setpriv = places.first(where: FileSystem.isExecutable) else {
      throw WarehouseError(
        .system, "could not find setpriv, which root needs to start a server",
        hint: "Install it with \"apt-get install util-linux\", or use a normal account.")
    }
    // In a folder that is closed to the account, as /root is, PostgreSQL's programs stumble.
    return ["/usr/bin/env", "-C", "/", setpriv]
      + ["--reuid=\(userID)", "--regid=\(groupID)", "--init-groups", "--"]
  }

  /// Whether the account can get to what lies in `folder`: every folder above lets it through.
  ///
  /// By the mode bits alone, as the account's further groups and access lists are seldom at work.
  func canReach(_ folder: String) -> Bool {
    var status = stat()
    guard stat(folder, &status) == 0 else { return false }
    let bit =
      if status.st_uid == userID {
        S_IXUSR
      } else if status.st_gid == groupID {
        S_IXGRP
      } else {
        S_IXOTH
      }
    guard status.st_mode & bit != 0 else { return false }
    return folder == "/" || canReach(FileSystem.parent(of: folder))
  }

  private typealias Lookup = (
    UnsafeMutablePointer<passwd>, UnsafeMutablePointer<CChar>, Int,
    UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>
  ) -> Int32

  private static func find(_ what: String, _ lookup: Lookup) throws(WarehouseError) -> ServerAccount
  {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    let texts = UnsafeMutablePointer<CChar>.allocate(capacity: 16 << 10)
    defer { texts.deallocate() }
    _ = lookup(&entry, texts, 16 << 10, &found)
    guard found != nil, let name = entry.pw_name else {
      throw WarehouseError(
        .system, "could not find \(what) in the system's list of accounts",
        hint: "Root runs the server as \"postgres\", which the package postgresql creates.")
    }
    return ServerAccount(
      name: String(cString: name), userID: entry.pw_uid, groupID: entry.pw_gid)
  }
}
