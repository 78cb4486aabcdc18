import Glibc

/// The texts of the embedded server's own configuration files.
///
/// They are written anew at each start, so that they fit the machine as it is and the program as it
/// is; the files that `initdb` made stay as they are and are not read.
struct ServerTuning: Sendable {
  let layout: ClusterLayout
  let account: ServerAccount
  /// The server's major version.
  let version: Int
  /// Whether the server was built with LZ4.
  let hasLZ4: Bool

  /// `postgresql.conf`: reached by its own socket alone, and tuned for loading, yet crash-safe:
  /// `fsync` and `full_page_writes` stay on. A crash may lose the last moments of transactions
  /// (`synchronous_commit`), never their order.
  var text: String {
    """
    # Written by sparkify at each start. Settings of your own: ALTER SYSTEM.
    listen_addresses = ''
    unix_socket_directories = \(Self.quoted(Self.listed(layout.socketFolder)))
    unix_socket_permissions = 0700
    port = 5432
    hba_file = \(Self.quoted(layout.admission))
    ident_file = \(Self.quoted(layout.identities))
    max_connections = 50
    shared_buffers = \(sharedBuffers)MB
    dynamic_shared_memory_type = \(dynamicSharedMemory)
    wal_level = minimal
    max_wal_senders = 0
    max_wal_size = \(largestLog)MB
    wal_compression = \(logCompression)
    checkpoint_timeout = 30min
    synchronous_commit = off
    jit = off
    timezone = 'UTC'
    log_timezone = 'UTC'
    lc_messages = 'C'
    # Failed statements are the client's to tell: they may quote data, and would fill the log.
    log_min_messages = log
    log_checkpoints = off
    log_line_prefix = '%m [%p] '

    """
  }

  /// Methods by name came with PostgreSQL 15; one before it does not start with them, also when it
  /// has LZ4 for tables (its release notes).
  private var logCompression: String { version >= 15 && hasLZ4 ? "lz4" : "on" }

  /// `pg_hba.conf`: the socket alone, and who is at its other end decides.
  var admission: String { "local all all peer map=sparkify\n" }

  /// `pg_ident.conf`: the owner and root are let in, nobody else, as the owner or to read.
  static func identities(of account: ServerAccount) -> String {
    let persons = account.name == "root" ? ["root"] : [account.name, "root"]
    return persons.flatMap { person in
      [account.name, EmbeddedCluster.reader].map { "sparkify \"\(person)\" \"\($0)\"\n" }
    }.joined()
  }

  /// Writes the three files, readable by the server's account.
  func write() throws(WarehouseError) {
    let files = [
      (layout.settings, text), (layout.admission, admission),
      (layout.identities, Self.identities(of: account)),
    ]
    for (path, text) in files { try FileSystem.write(Array(text.utf8), to: path, mode: 0o644) }
  }

  private var megabyte: Int { 1 << 20 }

  /// In MB: an eighth of the memory that this process may use, at most 512.
  private var sharedBuffers: Int {
    var memory = Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(sysconf(Int32(_SC_PAGESIZE)))
    // A container's limit; "max" where there is none.
    if let bytes = try? FileSystem.read("/sys/fs/cgroup/memory.max", limit: 64),
      let limit = Int(String(decoding: bytes, as: UTF8.self).trimmed)
    {
      memory = min(memory, limit)
    }
    return min(max(memory / 8 / megabyte, 16), 512)
  }

  /// In MB: how far the write-ahead log may grow, a quarter of what is free and at most 8 GB.
  private var largestLog: Int {
    var status = statvfs()
    guard statvfs(layout.folder, &status) == 0 else { return 1024 }
    let free = Int(status.f_bavail) * Int(status.f_frsize)
    return min(max(free / 4 / megabyte, 64), 8192)
  }

  /// Containers often have 64 MB of shared memory, too little for parallel queries; files do then.
  private var dynamicSharedMemory: String {
    var status = statvfs()
    guard statvfs("/dev/shm", &status) == 0 else { return "mmap" }
    return Int(status.f_bavail) * Int(status.f_frsize) < 256 * megabyte ? "mmap" : "posix"
  }

  /// A value of `postgresql.conf`, in which a backslash escapes.
  private static func quoted(_ value: String) -> String {
    let escaped = value.flatMap { character -> [Character] in
      switch character {
      case "'", "\\": ["\\", character]
      case "\n": ["\\", "n"]
      default: [character]
      }
    }
    return "'" + String(escaped) + "'"
  }

  /// One entry of a setting that is a list: quoted within, as a comma would end it.
  private static func listed(_ value: String) -> String { Identifier(value).sql }
}
