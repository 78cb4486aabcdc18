/// What runs may have otherwise than the configuration says.
public struct RunOverrides: Sendable, Equatable {
  /// How many records a stage may refuse; nil leaves it to the configuration.
  public var maxRejects: Int?
  /// Who said so.
  public var origin: ConfigurationOrigin

  /// Nothing otherwise.
  public init(origin: ConfigurationOrigin) { self.origin = origin }
}

extension Configuration {
  /// The same as it counts for a run: what it has otherwise is a value like any other, with its
  /// origin, so that screens and records tell it too.
  public func overridden(by overrides: RunOverrides) -> Configuration {
    guard let maxRejects = overrides.maxRejects else { return self }
    var configuration = self
    configuration.pipeline.maxRejects = maxRejects
    configuration.entries = entries.map { entry in
      guard entry.id == .maxRejects else { return entry }
      return ConfigurationEntry(
        id: entry.id, value: String(maxRejects), origin: overrides.origin, verdict: .right)
    }
    return configuration
  }
}
