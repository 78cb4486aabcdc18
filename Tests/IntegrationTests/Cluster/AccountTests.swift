import Glibc
import Testing

@testable import Warehouse

@Suite("A normal user")
struct AccountTests {
  /// An account without any rights, which Debian always has.
  private static let nobody = (user: uid_t(65_534), group: gid_t(65_534))

  @Test("runs the pipeline on a warehouse of its own, which root's tests do besides")
  func pipeline() async throws {
    let home = try TemporaryFolder.make()
    let source = try SourceFolder.small(users: 5, seed: 2)
    let words = ["--home", home]
    let shell = geteuid() == 0 ? try asNobody(home, source) : nil
    let run = try await Program.run(["run"] + words + source.arguments, shell: shell)
    #expect(run.status == 0, "\(run.all)")
    let asked = try await Program.run(
      ["query", "SELECT count(*) AS plays, current_user AS name FROM songplays"] + words,
      shell: shell)
    #expect(asked.status == 0 && asked.output.hasPrefix("plays,name\r\n15,"), "\(asked.all)")
    var status = stat()
    #expect(stat(home + "/cluster/data", &status) == 0)
    #expect(status.st_uid != 0 && status.st_mode & 0o777 == 0o700)
    #expect(!FileSystem.exists(home + "/cluster/data/postmaster.pid"))
  }

  /// What the shell does so that the program runs as somebody who may only look at what is needed:
  /// from a folder that anybody may enter, wherever the tests were built.
  private func asNobody(_ home: String, _ source: SourceFolder) throws -> String {
    let program = try TemporaryFolder.make() + "/sparkify"
    for words in [
      ["/usr/bin/install", "-m", "755", try Program.path(), program],
      ["/bin/chmod", "-R", "a+rX", source.path],
    ] {
      let done = try Subprocess.run(words)
      guard done.status == 0 else { throw WarehouseError(.system, done.output) }
    }
    #expect(chown(home, Self.nobody.user, Self.nobody.group) == 0)
    return "shift; exec setpriv --reuid=\(Self.nobody.user) --regid=\(Self.nobody.group) "
      + "--clear-groups -- \(program) \"$@\""
  }
}
