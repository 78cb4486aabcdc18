extension WarehouseError {
  /// The error with a hint about who can act, for the codes that provisioning meets.
  var explainedForCloud: WarehouseError {
    guard let hint = cloudHint else { return self }
    var explained = self
    explained.hint = hint
    return explained
  }

  private var cloudHint: String? {
    if isFault("InsufficientClusterCapacity", "InsufficientCapacity") {
      return "AWS has no such machines free here now: try again later, or set another node type or "
        + "region."
    }
    if isFault(
      "ClusterQuotaExceeded", "NumberOfNodesQuotaExceeded", "NumberOfNodesPerClusterLimitExceeded",
      "ServiceQuotaExceeded")
    {
      return "The account may have no more: delete what is not needed, or ask AWS for a higher "
        + "quota in Service Quotas."
    }
    if isFault("InvalidClusterState", "Conflict") {
      return "Something else is being done to it: try again in a few minutes."
    }
    if isFault("InvalidSubnet", "InvalidVPCNetworkState", "InvalidClusterSubnetState") {
      return "Look at DWH_SUBNETS: the subnets must be of one network, with free addresses, and of "
        + "a public one when DWH_PUBLIC is on."
    }
    if isFault("UnauthorizedOperation", "AccessDenied", "DependentServiceAccessDenied") {
      return "The policy that these keys need is written by `sparkify cluster policy operator`: "
        + "give it to whoever manages the account."
    }
    if isFault("AddressLimitExceeded", "SecurityGroupLimitExceeded", "LimitExceeded") {
      return "The account is at a limit: delete what is not needed, or ask AWS for more."
    }
    if isFault("InvalidParameterValue", "InvalidParameterCombination", "Validation") {
      return "AWS does not take one of the values: its words name it; correct it in dwh.cfg."
    }
    return nil
  }
}
