import Synchronization

/// The files `~/.aws/config` and `~/.aws/credentials` that all AWS tools share (SDKs and Tools
/// reference, "Shared config and credentials files"). Read once, when they are first asked.
final class SharedProfiles: Sendable {
  typealias Section = [String: String]

  private struct Files {
    var profiles: [String: Section] = [:]
    var services: [String: Section] = [:]
  }

  private let settings: AWSSettings
  private let files = Mutex<Files?>(nil)

  init(_ settings: AWSSettings) { self.settings = settings }

  /// The profile that counts.
  var name: String { settings.profile ?? "default" }

  /// A value of the profile that counts; nil when it has none.
  ///
  /// - Throws: `.configuration` when a profile was named and there is none of that name.
  func value(_ key: String) throws(WarehouseError) -> String? { try section(name)?[key] }

  /// A profile by its name; nil when there is none and nobody asked for it by name.
  func section(_ name: String) throws(WarehouseError) -> Section? {
    let profiles = try read().profiles
    if let section = profiles[name] { return section }
    guard name != "default" else { return nil }
    let known = profiles.keys.sorted().joined(separator: ", ")
    throw WarehouseError(
      .configuration, "there is no AWS profile \"\(name)\"",
      detail: known.isEmpty ? "there are no profiles" : "there are \(known)",
      hint: "Set AWS.PROFILE to one of \(configPath), or leave it blank.")
  }

  /// The profile's endpoint for one service, else for all.
  func endpoint(of service: AWSService) throws(WarehouseError) -> String? {
    guard let profile = try section(name) else { return nil }
    let key = service.variable.lowercased() + ".endpoint_url"
    let own = try profile["services"].flatMap { name throws(WarehouseError) in
      try read().services[name]?[key]
    }
    return own ?? profile["endpoint_url"]
  }

  private var configPath: String {
    path("AWS_CONFIG_FILE", standard: "/.aws/config")
  }

  private func path(_ variable: String, standard: String) -> String {
    let surroundings = settings.surroundings
    guard let path = surroundings[variable]?.reveal() else {
      return surroundings.homeFolder + standard
    }
    return path.hasPrefix("~/") ? surroundings.homeFolder + path.dropFirst() : path
  }

  private func read() throws(WarehouseError) -> Files {
    if let known = files.withLock({ $0 }) { return known }
    var result = Files()
    for (title, section) in try Self.sections(of: configPath) {
      let words = title.split(separator: " ", maxSplits: 1).map(String.init)
      if words.first == "profile", words.count == 2 {
        result.profiles[words[1], default: [:]].merge(section) { $1 }
      } else if words.first == "services", words.count == 2 {
        result.services[words[1], default: [:]].merge(section) { $1 }
      } else if title == "default" {
        result.profiles[title, default: [:]].merge(section) { $1 }
      }
    }
    let credentials = path("AWS_SHARED_CREDENTIALS_FILE", standard: "/.aws/credentials")
    for (title, section) in try Self.sections(of: credentials) {
      result.profiles[title, default: [:]].merge(section) { $1 }
    }
    files.withLock { $0 = result }
    return result
  }

  /// The sections of a file, `outer.inner` for what is indented under a key; none when there is no
  /// file.
  private static func sections(
    of path: String
  ) throws(WarehouseError) -> [(title: String, section: Section)] {
    guard FileSystem.exists(path) else { return [] }
    let text = String(decoding: try FileSystem.read(path, limit: 1 << 20), as: UTF8.self)
    var sections: [(title: String, section: Section)] = []
    var outer = ""
    for line in text.split(whereSeparator: \.isNewline) {
      let trimmed = line.trimmingBlanks
      guard let first = trimmed.first, first != "#", first != ";" else { continue }
      if first == "[" {
        sections.append((trimmed.dropFirst().prefix { $0 != "]" }.trimmingBlanks, [:]))
        outer = ""
        continue
      }
      guard let equals = trimmed.firstIndex(of: "="), !sections.isEmpty else { continue }
      let key = trimmed[..<equals].trimmingBlanks.lowercased()
      let value = trimmed[equals...].dropFirst().trimmingBlanks
      let isNested = line.first == " " || line.first == "\t"
      if !isNested { outer = key }
      sections[sections.count - 1].section[isNested ? "\(outer).\(key)" : key] = value
    }
    return sections
  }
}
