/// One piece of what is done to a warehouse in the cloud.
public enum CloudStep: String, Sendable, CaseIterable {
  /// Who asks: the account.
  case identity
  /// Where the caller is, and the network that the warehouse lies in.
  case network
  /// The security group with its one rule.
  case access
  /// The role that the warehouse reads S3 with.
  case role
  /// The parameters of the server: encrypted connections only.
  case parameters
  /// The password of the first user.
  case password
  /// The cluster itself.
  case cluster
  /// The namespace of a serverless warehouse.
  case namespace
  /// The workgroup of a serverless warehouse.
  case workgroup
  /// What the user of temporary logins may do.
  case login
  /// What is written into the configuration file.
  case configuration
  /// A snapshot.
  case snapshot
  /// The last look for what may have been left.
  case remains
}

/// What a step did.
public enum CloudChange: String, Sendable {
  /// It was not there, and was made.
  case made
  /// It was there, and was changed.
  case changed
  /// It was there as asked.
  case kept
  /// It was there, and was removed.
  case removed
  /// It was not there, as asked.
  case absent
}

/// What is told while something is done to a warehouse in the cloud. Steps come one after another.
public enum CloudEvent: Sendable, Equatable {
  /// A step begins.
  case started(CloudStep)
  /// How it stands: "creating, 2 min 10 s". Comes with every look.
  case progressed(CloudStep, String)
  /// Something that the operator should know: "the whole internet may reach it".
  case warned(CloudStep, String)
  /// A step is done.
  case finished(CloudStep, CloudChange, String)
  /// A step failed; what was asked for fails with it.
  case failed(CloudStep, WarehouseError)
}

/// Hears what is told. Any thread may call it.
public typealias CloudObserver = @Sendable (CloudEvent) -> Void
