/// The folder in which the program keeps what it makes: the embedded cluster, run logs, history.
public struct StateFolder: Sendable, Equatable {
  /// An absolute path. The folder need not be there yet.
  public let path: String
  /// Who said so.
  public let origin: ConfigurationOrigin

  /// `--home`, else `$SPARKIFY_HOME`, else `sparkify` below the XDG state folder.
  ///
  /// The XDG Base Directory Specification: `$XDG_STATE_HOME`, when it is absolute, else
  /// `~/.local/state`.
  public init(home: String?, options: ConfigurationOptions) {
    func absolute(_ path: String) -> String {
      path.absolutePath(in: options.workingFolder, home: options.homeFolder)
    }
    if let home, !home.isEmpty {
      (path, origin) = (absolute(home), .flag("--home"))
    } else if let home = options.variable("SPARKIFY_HOME") {
      (path, origin) = (absolute(home.reveal()), .environment("SPARKIFY_HOME"))
    } else if let state = options.variable("XDG_STATE_HOME")?.reveal(), state.hasPrefix("/") {
      (path, origin) = (absolute(state + "/sparkify"), .environment("XDG_STATE_HOME"))
    } else {
      (path, origin) = (absolute("~/.local/state/sparkify"), .standard)
    }
  }
}
