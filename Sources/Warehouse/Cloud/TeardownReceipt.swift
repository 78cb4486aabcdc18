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
}
