/// What a person can ask for of a warehouse in the cloud.
public enum CloudOperation: Sendable, Hashable {
  /// Make what is missing, and bring the rest to what is configured.
  case provision
  case pause
  case resume
  case snapshot
  /// Another number of nodes, or of processing units; by a classic resize where that is asked for and
  /// AWS has no elastic one.
  case resize(Int, isClassic: Bool = false)
  /// Delete what provisioning made.
  case teardown(keepsSnapshot: Bool)

  /// The verb.
  public var word: String {
    switch self {
    case .provision: "provision"
    case .pause: "pause"
    case .resume: "resume"
    case .snapshot: "snapshot"
    case .resize: "resize"
    case .teardown: "teardown"
    }
  }
}

extension Provisioner {
  /// Does what was asked for. Blocks, most often for minutes.
  ///
  /// - Returns: what came of it, a line each.
  /// - Throws: as the function for the operation.
  public func perform(
    _ operation: CloudOperation, _ cancellation: Cancellation
  ) throws(WarehouseError) -> [String] {
    switch operation {
    case .provision:
      let made = try provision(cancellation)
      return ["\(made.name) answers at \(made.endpoint.host):\(made.endpoint.port)"]
    case .pause: return ["\(try pause(cancellation).name) is paused"]
    case .resume: return ["\(try resume(cancellation).name) is available"]
    case .snapshot: return ["the snapshot \(try snapshot(named: nil, cancellation).name) is made"]
    case .resize(let count, let isClassic):
      if case .serverless = plan.shape {
        return ["\(try resize(capacity: count, cancellation).name) has \(count) units"]
      }
      let cluster = try resize(nodes: count, isClassic: isClassic, cancellation)
      return ["\(cluster.name) has \(count) nodes"]
    case .teardown(let keepsSnapshot):
      let receipt = try teardown(keepsSnapshot: keepsSnapshot, cancellation)
      return receipt.lines(receipt.price(of: plan))
    }
  }
}

extension CloudPlan {
  /// What provisioning would make, and what that costs: "2 × ra3.large in us-west-2, $1.09 an hour".
  public func outline() -> String {
    let (what, price): (String, CloudPrice?) =
      switch shape {
      case .cluster(let type, let nodes):
        (
          "\(nodes) × \(type ?? CloudWork.usualNodeType)",
          CloudPrice(
            nodeType: type ?? CloudWork.usualNodeType, nodes: nodes, region: region,
            configured: unitPrice)
        )
      case .serverless(_, let capacity):
        (
          "\(capacity) processing units",
          CloudPrice(units: capacity, region: region, configured: unitPrice)
        )
      }
    let cost =
      price.map {
        $0.hourText + ($0.isServerless ? " while queries run" : "") + " (\($0.sourceText))"
      } ?? "price not known (see \(PriceList.page))"
    return "\(name): \(what) in \(region), \(cost)"
  }
}
