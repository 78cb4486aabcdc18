import Glibc

/// Where the parts of an embedded cluster lie.
struct ClusterLayout: Sendable, Equatable {
  /// The cluster's folder. Ours; only the two below belong to the server's account.
  let folder: String
  /// The folder of the Unix socket.
  let socketFolder: String

  var dataFolder: String { folder + "/data" }
  var log: String { folder + "/server.log" }
  /// Held shared by every console that uses the cluster.
  var useLock: String { folder + "/use.lock" }
  /// Held exclusively by the one that starts or stops the server.
  var startLock: String { folder + "/start.lock" }
  var settings: String { folder + "/postgresql.conf" }
  var admission: String { folder + "/pg_hba.conf" }
  /// Whether the cluster's version has the role that the reader is made of.
  var hasReader: Bool { (dataVersion ?? 0) >= 14 }
  var identities: String { folder + "/pg_ident.conf" }
  /// What the server lays beside its socket.
  var socketLock: String { socketFolder + "/.s.PGSQL.5432.lock" }

  /// The longest path of a socket, as `sockaddr_un` takes 108 bytes with the NUL.
  private static let longestSocketPath = 107

  /// The layout below `stateFolder`, which must exist.
  ///
  /// For root the server's account must be able to get there. When it cannot, as below `/root`, the
  /// cluster lies in `/var/lib/sparkify` under a name that belongs to the state folder. A cluster
  /// that exists stays where it is.
  init(stateFolder: String) throws(WarehouseError) {
    let state = try FileSystem.resolved(stateFolder)
    let inside = state + "/cluster"
    let outside = "/var/lib/sparkify/" + Self.mark(of: state)
    if FileSystem.isFolder(inside + "/data") || geteuid() != 0 {
      folder = inside
    } else if FileSystem.isFolder(outside + "/data") {
      folder = outside
    } else {
      let account = try ServerAccount.serving(inside + "/data")
      folder = account.canReach(state) ? inside : outside
    }
    socketFolder = try Self.socketFolder(for: folder)
  }

  private static func socketFolder(for folder: String) throws(WarehouseError) -> String {
    var places = [folder + "/socket"]
    // Another account's server could not make its socket in this user's own folder.
    if geteuid() != 0, let runtime = getenv("XDG_RUNTIME_DIR") {
      places.append("\(String(cString: runtime))/sparkify-\(mark(of: folder))")
    }
    places.append("/tmp/sparkify-\(geteuid())-\(mark(of: folder))")
    let name = "/.s.PGSQL.5432"
    // A comma would make two hosts of it for libpq.
    let fitting = places.first {
      ($0 + name).utf8.count <= longestSocketPath && !$0.contains(",")
    }
    guard let place = fitting else {
      throw WarehouseError(.system, "could not find a short enough path for the server's socket")
    }
    return place
  }

  /// Sixteen hexadecimal digits that belong to a text: FNV-1a, as names need no more.
  private static func mark(of text: String) -> String {
    let hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01b3
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// The major version that made the data; nil when there is none yet.
  var dataVersion: Int? {
    guard let bytes = try? FileSystem.read(dataFolder + "/PG_VERSION", limit: 64) else {
      return nil
    }
    return Int(String(decoding: bytes, as: UTF8.self).trimmed)
  }
}

extension ClusterLayout {
  /// Makes a folder that belongs to `account` and is closed to all others.
  ///
  /// - Throws: `.system` also when somebody else's folder lies there, as may happen in `/tmp`.
  static func makePrivateFolder(
    _ path: String, for account: ServerAccount
  ) throws(WarehouseError) {
    if mkdir(path, 0o700) == 0 {
      guard !account.isForeign || chown(path, account.userID, account.groupID) == 0 else {
        throw FileSystem.failure("could not hand over the folder", path)
      }
    } else if errno != EEXIST {
      throw FileSystem.failure("could not make the folder", path)
    }
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
      status.st_uid == account.userID, status.st_mode & 0o077 == 0
    else {
      throw WarehouseError(
        .system, "could not use the folder \(path)",
        detail: "it is not a folder that belongs to \(account.name) alone",
        hint: "Remove it, or use another state folder.")
    }
  }
}
