/// Which nodes can be had.
extension CloudWork {
  /// The node type when nobody names one, or nobody can be asked: the smallest of RA3.
  static let usualNodeType = "ra3.large"
  /// What is taken instead where it is not offered. What is larger costs six times as much and more,
  /// and is not ordered unasked.
  static let nextNodeType = "ra3.xlplus"

  /// The node type to order, asked for before anything is made.
  ///
  /// - Parameter isThere: whether there is a cluster already, which need not be ordered.
  /// - Throws: `.configuration` when it cannot be ordered, with what can.
  func orderable(_ asked: String?, _ isThere: Bool) throws(WarehouseError) -> String {
    if let asked, asked.hasPrefix("dc") || asked.hasPrefix("ds") {
      throw WarehouseError(
        .configuration, "could not order nodes of type \(asked)",
        detail: "AWS has retired the types dc1, dc2, ds1 and ds2",
        hint: "Set DWH_NODE_TYPE to \(Self.usualNodeType), or DWH_WORKGROUP for a serverless "
          + "warehouse.")
    }
    if isThere { return asked ?? Self.usualNodeType }
    var types: Set<String> = []
    do throws(WarehouseError) {
      types = try redshift.orderableNodeTypes()
    } catch {
      guard error.kind != .cancelled else { throw error }
      observe(.warned(.cluster, "could not ask which node types there are: \(error.message)"))
    }
    let type = asked ?? Self.usualNodeType
    if types.isEmpty || types.contains(type) { return type }
    if asked == nil, types.contains(Self.nextNodeType) {
      observe(
        .warned(
          .cluster,
          "\(type) is not offered in \(plan.region): its nodes are of type \(Self.nextNodeType), "
            + "which cost twice as much"))
      return Self.nextNodeType
    }
    let offers = types.filter { !$0.hasPrefix("dc") && !$0.hasPrefix("ds") }
    throw WarehouseError(
      .configuration, "could not order nodes of type \(type) in \(plan.region)",
      detail: "there are \(PriceList.byPrice(offers).joined(separator: ", "))",
      hint: "Set DWH_NODE_TYPE to one of these, cheapest first, or AWS.REGION to another one.")
  }
}
