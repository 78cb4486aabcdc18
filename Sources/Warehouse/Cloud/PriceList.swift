/// List prices of Amazon Redshift on demand, without taxes, storage, transfer and discounts.
///
/// Read from AWS's public lists. Prices change, and differ by region: a kind of node or a region that
/// is not here has no price, rather than a wrong one.
public enum PriceList {
  /// A price, and when the list was published that it was read from.
  struct Price: Equatable {
    var dollars: Double
    var asOf = "March 2026"
  }

  /// Where they can be looked up.
  public static let page = "https://aws.amazon.com/redshift/pricing/"

  /// What one node costs an hour; nil when that is not known.
  static func node(_ type: String, in region: String) -> Price? {
    switch region {
    case "us-east-1", "us-east-2", "us-west-2":
      nodesInTheUnitedStates[type.lowercased()].map { Price(dollars: $0) }
    case "ap-northeast-1": nodesInTokyo[type.lowercased()].map { Price(dollars: $0) }
    default: nil
    }
  }

  /// Types of nodes, the cheapest first; those whose price is not known come last.
  static func byPrice(_ types: Set<String>) -> [String] {
    func price(_ type: String) -> Double {
      nodesInTheUnitedStates[type.lowercased()] ?? .greatestFiniteMagnitude
    }
    return types.sorted { (price($0), $0) < (price($1), $1) }
  }

  /// What one Redshift processing unit costs an hour while queries run; nil when that is not known.
  static func processingUnit(in region: String) -> Price? {
    switch region {
    case "us-east-1": Price(dollars: 0.375)
    case "us-west-2": Price(dollars: 0.36, asOf: "September 2026")
    case "ap-southeast-1": Price(dollars: 0.45)
    default: nil
    }
  }

  /// Dollars for what a job on EMR Serverless used, on x86 in `jobRegion`; other regions cost up to a
  /// third more. Storage beyond 20 GB a worker, which costs extra, is not counted.
  static func job(processorHours: Double, memoryHours: Double) -> Double {
    processorHours * 0.052624 + memoryHours * 0.0057785
  }

  /// The region whose prices of EMR Serverless are here.
  static let jobRegion = "us-east-1"
  /// When the prices of EMR Serverless were read.
  static let jobsAsOf = "2024"
  /// Where they can be looked up.
  static let jobPage = "https://aws.amazon.com/emr/pricing/"

  private static let nodesInTheUnitedStates = [
    "ra3.large": 0.543, "ra3.xlplus": 1.086, "ra3.4xlarge": 3.26, "ra3.16xlarge": 13.04,
    "dc2.large": 0.25, "dc2.8xlarge": 4.80,
  ]

  private static let nodesInTokyo = [
    "ra3.xlplus": 1.358, "ra3.4xlarge": 4.074, "ra3.16xlarge": 16.296,
    "dc2.large": 0.314, "dc2.8xlarge": 6.029,
  ]
}

/// What a warehouse in the cloud costs.
public struct CloudPrice: Sendable, Equatable {
  /// Who says so.
  public enum Source: Sendable, Equatable {
    /// `PriceList`, as it was published then: "March 2026".
    case list(asOf: String)
    /// `[CLUSTER] NODE_PRICE`.
    case configuration
  }

  /// Dollars an hour while it runs, all nodes or units together.
  public var perHour: Double
  /// What it is made of: "2 × ra3.large at $0.543".
  public var terms: String
  /// Who says so.
  public var source: Source
  /// Whether it costs only while queries run.
  public var isServerless: Bool

  /// The price of a cluster; nil when it is not known.
  ///
  /// - Parameter configured: dollars an hour for each node, instead of the list's.
  public init?(nodeType: String, nodes: Int, region: String, configured: Double?) {
    let listed = PriceList.node(nodeType, in: region)
    guard let (unit, source) = Self.unit(configured, listed) else { return nil }
    perHour = unit * Double(nodes)
    terms = "\(nodes) × \(nodeType) at $\(CloudPrice.digits(unit))"
    self.source = source
    isServerless = false
  }

  /// The price of a workgroup at its base capacity while queries run; nil when it is not known.
  public init?(units: Int, region: String, configured: Double?) {
    let listed = PriceList.processingUnit(in: region)
    guard let (unit, source) = Self.unit(configured, listed) else { return nil }
    perHour = unit * Double(units)
    terms = "\(units) units at $\(CloudPrice.digits(unit)) while queries run"
    self.source = source
    isServerless = true
  }

  private static func unit(
    _ configured: Double?, _ listed: PriceList.Price?
  ) -> (dollars: Double, source: Source)? {
    if let configured { return (configured, .configuration) }
    return listed.map { ($0.dollars, .list(asOf: $0.asOf)) }
  }

  /// What it has cost, at most, after a time: AWS does not tell for how long it was paused.
  public func cost(after duration: Duration) -> Double {
    perHour * max(0, Double(duration.components.seconds)) / 3600
  }

  /// "$1.09 an hour".
  public var hourText: String { "$\(Self.digits(perHour)) an hour" }

  /// Where the price comes from, and when.
  public var sourceText: String {
    switch source {
    case .list(let asOf): "list price of \(asOf); check \(PriceList.page)"
    case .configuration: "by NODE_PRICE"
    }
  }

  /// "$12.30".
  public static func text(_ dollars: Double) -> String { "$" + fixed(dollars, 2) }

  /// With two digits after the point, or three where a price has them.
  static func digits(_ dollars: Double) -> String {
    let three = fixed(dollars, 3)
    return three.hasSuffix("0") ? String(three.dropLast()) : three
  }

  private static func fixed(_ value: Double, _ digits: Int) -> String {
    var power = 1
    for _ in 0..<digits { power *= 10 }
    guard let scaled = Int(exactly: (value * Double(power)).rounded()) else { return "?" }
    return "\(scaled / power).\((scaled % power).padded(digits))"
  }
}
