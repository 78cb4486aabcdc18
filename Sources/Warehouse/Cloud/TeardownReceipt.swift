/// What a teardown did, for whoever pays.
public struct TeardownReceipt: Sendable, Equatable {
  /// The warehouse's name.
  public var name: String
  /// What was deleted, one line each.
  public var deleted: [String] = []
  /// What is still there although it bears our mark.
  public var remaining: [String] = []
  /// What was left alone as somebody else made it, and why.
  public var kept: [String] = []
  /// What is somebody else's under our name.
  var strangers = CloudStrangers()
  /// The snapshots that stay, and cost until somebody deletes them.
  public var snapshots: [CloudSnapshot] = []
  /// What computed: "2 of ra3.large"; nil when there was nothing any more.
  public var shape: String?
  /// The kind of node of a cluster, for its price.
  public var nodeType: String?
  /// How many nodes a cluster had, for its price.
  public var nodeCount: Int?
  /// Where it answered; nil when it was gone, or paused, before.
  public var endpoint: CloudEndpoint?
  /// When the warehouse was made; nil when AWS did not say.
  public var created: Timestamp?
  /// When it was gone.
  public var ended: Timestamp

  /// How long it lived; nil when that is not known. The time that it was paused is part of it.
  public var lived: Duration? {
    created.map { .milliseconds(max(0, ended.milliseconds - $0.milliseconds)) }
  }

  /// What it cost by the hour; nil when that is not known, or not by the hour.
  public func price(of plan: CloudPlan) -> CloudPrice? {
    guard let nodeType, let nodeCount else { return nil }
    return CloudPrice(
      nodeType: nodeType, nodes: nodeCount, region: plan.region, configured: plan.unitPrice)
  }

  /// The receipt as a person reads it: each line a word of what happened, and to what.
  public func lines(_ price: CloudPrice?) -> [String] {
    var lines = deleted.map { "deleted  \($0)" }
    if deleted.isEmpty { lines.append("deleted  nothing: there was nothing of ours any more") }
    lines += snapshots.map { snapshot in
      let size = snapshot.bytes.map { ", \(Quantity.bytes($0))" } ?? ""
      return "stays    snapshot \(snapshot.name)\(size): it costs until somebody deletes it"
    }
    lines += kept.map { "stays    \($0)" }
    lines += remaining.map { "remains  \($0)" }
    guard let lived else { return lines }
    lines.append("lived    \(Quantity.duration(lived))\(shape.map { ", " + $0 } ?? "")")
    if let price {
      lines.append(
        "cost     at most about \(CloudPrice.text(price.cost(after: lived))) at its last size, "
          + "without storage: \(price.terms) an hour; \(price.sourceText)")
    } else if nodeType == nil {
      lines.append("cost     not known: it cost while queries ran; AWS's bill has it")
    }
    return lines
  }
}
