import Glibc

@testable import Warehouse

/// A folder of its own, gone with the test.
final class ScratchFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/sparkify-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw WarehouseError(.system, "could not make a scratch folder")
    }
    path = String(decoding: template.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit { Self.remove(path) }

  /// Writes a file below the folder and returns its path.
  @discardableResult
  func write(_ text: String, to name: String, mode: mode_t = 0o600) throws -> String {
    let file = "\(path)/\(name)"
    try FileSystem.makeFolder(FileSystem.parent(of: file))
    try FileSystem.write(Array(text.utf8), to: file, mode: mode)
    return file
  }

  func read(_ name: String) throws -> String {
    String(decoding: try FileSystem.read("\(path)/\(name)"), as: UTF8.self)
  }

  private static func remove(_ path: String) {
    if FileSystem.isFolder(path) {
      for name in (try? FileSystem.names(in: path)) ?? [] { remove("\(path)/\(name)") }
      rmdir(path)
    } else {
      unlink(path)
    }
  }
}

extension ScratchFolder {
  /// Options that see this folder and nothing of the process.
  func options(
    path: String? = nil, set overrides: [String] = [], environment: [String: String] = [:]
  ) -> ConfigurationOptions {
    ConfigurationOptions(
      path: path, overrides: overrides, workingFolder: self.path, homeFolder: self.path + "/home",
      environment: environment)
  }

  /// What a `dwh.cfg` of this text leads to.
  func check(
    _ text: String, set overrides: [String] = [], environment: [String: String] = [:]
  ) throws -> ConfigurationReport {
    try write(text, to: "dwh.cfg")
    return Configuration.check(options(set: overrides, environment: environment))
  }
}

extension ConfigurationReport {
  func value(_ key: ConfigurationKey) -> String? {
    configuration.entries.first { $0.id == key }?.value
  }

  /// The findings as `sparkify config check` lists them.
  var lines: [String] { findings.map(\.text) }
}

/// Reads a text as a `dwh.cfg`.
func parse(_ text: String) -> ConfigurationFile {
  ConfigurationFile(parsing: Array(text.utf8), path: "dwh.cfg")
}

extension ConfigurationFile {
  /// Section, key and value of each option.
  var values: [String] { options.map { "\($0.section).\($0.key)=\($0.text.reveal())" } }
  /// Place, severity and message of each finding.
  var complaints: [String] {
    findings.map { "\($0.line) \($0.severity): \($0.message)" }
  }
}
