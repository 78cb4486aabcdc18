/// The policies of a warehouse in the cloud.
extension CloudPlan {
  /// Who may take the role: Redshift, and the serverless one where that is asked for.
  var trustPolicy: IAMPolicy {
    // The same names in every partition, as the documentation of China's has them.
    var services = ["redshift.amazonaws.com"]
    if case .serverless = shape { services.append("redshift-serverless.amazonaws.com") }
    return IAMPolicy(statements: [
      IAMPolicy.Statement(id: "RedshiftMayTakeIt", services: services, actions: ["sts:AssumeRole"])
    ])
  }

  /// What the role may do: read the objects of the configured prefixes, and list just these. Nil
  /// when no source lies in a bucket.
  var rolePolicy: IAMPolicy? {
    let prefixes = readablePrefixes
    var objects = prefixes.map {
      "arn:\(partition):s3:::\($0.bucket)/\($0.prefix.escapedForIAM)*"
    }
    if case .s3(let bucket, let key)? = readableFile {
      objects.append("arn:\(partition):s3:::\(bucket)/\(key.escapedForIAM)")
    }
    guard !objects.isEmpty else { return nil }
    let read = IAMPolicy.Statement(
      id: "ReadSources", actions: ["s3:GetObject"], resources: objects)
    return IAMPolicy(
      statements: [read] + buckets.enumerated().map { listing($1, number: $0 + 1, of: prefixes) })
  }

  private func listing(
    _ bucket: String, number: Int, of prefixes: [(bucket: String, prefix: String)]
  ) -> IAMPolicy.Statement {
    let own = prefixes.filter { $0.bucket == bucket }.map(\.prefix)
    var statement = IAMPolicy.Statement(
      id: "ListSources\(number)", actions: ["s3:ListBucket"],
      resources: ["arn:\(partition):s3:::\(bucket)"])
    if !own.contains("") {
      statement.conditions = [
        IAMPolicy.Condition(
          comparison: "StringLike", key: "s3:prefix", values: own.map { $0.escapedForIAM + "*" })
      ]
    }
    return statement
  }

  /// Buckets and prefixes, each once, without those that another one covers.
  private var readablePrefixes: [(bucket: String, prefix: String)] {
    var all: [(bucket: String, prefix: String)] = []
    for place in readable {
      if case .s3(let bucket, let prefix) = place { all.append((bucket, prefix)) }
    }
    all.sort { ($0.bucket, $0.prefix) < ($1.bucket, $1.prefix) }
    return all.enumerated().filter { index, place in
      !all.enumerated().contains { other, cover in
        other != index && cover.bucket == place.bucket && place.prefix.hasPrefix(cover.prefix)
          && (cover.prefix != place.prefix || other < index)
      }
    }.map(\.element)
  }

  private var buckets: [String] {
    readablePrefixes.map(\.bucket).reduce(into: []) { result, bucket in
      if result.last != bucket { result.append(bucket) }
    }
  }

  /// What whoever runs `cluster …` must be allowed to do, and no more.
  var operatorPolicy: IAMPolicy {
    var statements = [
      IAMPolicy.Statement(
        id: "KnowTheNetwork",
        actions: [
          "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs",
          // Redshift looks at these with the caller's permissions when it makes a cluster.
          "ec2:DescribeAccountAttributes", "ec2:DescribeAddresses",
          "ec2:DescribeAvailabilityZones", "ec2:DescribeInternetGateways",
        ], resources: ["*"])
    ]
    statements += accessStatements + [firstCluster]
    switch role {
    case .own(let role): statements += roleStatements(role)
    case .given(let arn): statements.append(passing(arn))
    }
    switch shape {
    case .cluster: statements += clusterStatements
    case .serverless: statements += serverlessStatements
    }
    statements += loginStatements + sourceStatements + jobStatements
    return IAMPolicy(statements: statements)
  }

  // MARK: Our mark

  /// That what is made gets our mark with the call that makes it.
  private var isMarked: IAMPolicy.Condition { mark("aws:RequestTag") }

  /// That what is changed or removed bears our mark.
  private var bearsMark: IAMPolicy.Condition { mark("aws:ResourceTag") }

  private func mark(
    _ key: String, _ comparison: String = "StringEquals"
  ) -> IAMPolicy.Condition {
    IAMPolicy.Condition(comparison: comparison, key: "\(key)/\(Self.tag)", values: [name])
  }

  /// Making a security group, marked, and doing anything to one that bears the mark. EC2 asks for a
  /// new group and for its network, a new rule and its group (service authorization reference,
  /// "Amazon EC2").
  private var accessStatements: [IAMPolicy.Statement] {
    let arns = "arn:\(partition):ec2:\(region):*"
    let rules = ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"]
    return [
      IAMPolicy.Statement(
        id: "MakeTheDoor", actions: ["ec2:CreateSecurityGroup"],
        resources: ["\(arns):security-group/*"], conditions: [isMarked]),
      IAMPolicy.Statement(
        id: "MakeItInTheNetwork", actions: ["ec2:CreateSecurityGroup"],
        resources: ["\(arns):vpc/*"]),
      IAMPolicy.Statement(
        id: "MarkTheDoor", actions: ["ec2:CreateTags"], resources: ["\(arns):security-group/*"],
        conditions: [
          IAMPolicy.Condition(
            comparison: "StringEquals", key: "ec2:CreateAction", values: ["CreateSecurityGroup"]),
          isMarked,
        ]),
      IAMPolicy.Statement(
        id: "LetTheOperatorIn", actions: rules + ["ec2:DeleteSecurityGroup"],
        resources: ["\(arns):security-group/*"], conditions: [bearsMark]),
      IAMPolicy.Statement(
        id: "LetTheOperatorInByARule", actions: rules,
        resources: ["\(arns):security-group-rule/*"]),
    ]
  }

  /// With an account's first cluster Redshift makes a role of its own, as the caller.
  private var firstCluster: IAMPolicy.Statement {
    let role = "aws-service-role/redshift.amazonaws.com/AWSServiceRoleForRedshift"
    return IAMPolicy.Statement(
      id: "MakeTheFirstClusterOfTheAccount", actions: ["iam:CreateServiceLinkedRole"],
      resources: ["arn:\(partition):iam::*:role/\(role)"],
      conditions: [
        IAMPolicy.Condition(
          comparison: "StringEquals", key: "iam:AWSServiceName",
          values: ["redshift.amazonaws.com"])
      ])
  }

  private func roleStatements(_ role: String) -> [IAMPolicy.Statement] {
    let arn = "arn:\(partition):iam::*:role/\(role)"
    return [
      IAMPolicy.Statement(
        id: "MakeTheRole",
        actions: [
          "iam:CreateRole", "iam:DeleteRole", "iam:DeleteRolePolicy", "iam:GetRole",
          "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListInstanceProfilesForRole",
          "iam:ListRolePolicies", "iam:PutRolePolicy", "iam:TagRole",
          "iam:UpdateAssumeRolePolicy",
        ] + (policyARN == nil ? [] : ["iam:AttachRolePolicy", "iam:DetachRolePolicy"]),
        resources: [arn]),
      passing(arn),
    ]
  }

  /// Whoever makes a cluster with a role hands it over, whoever made the role.
  private func passing(_ arn: String) -> IAMPolicy.Statement {
    IAMPolicy.Statement(
      id: "GiveTheRoleToRedshift", actions: ["iam:PassRole"], resources: [arn],
      conditions: [
        IAMPolicy.Condition(
          comparison: "StringLike", key: "iam:PassedToService",
          values: ["redshift.amazonaws.com*", "redshift-serverless.amazonaws.com*"])
      ])
  }

  private var clusterStatements: [IAMPolicy.Statement] {
    let arns = "arn:\(partition):redshift:\(region):*"
    return [
      IAMPolicy.Statement(
        id: "KnowRedshift",
        actions: [
          "redshift:DescribeClusterParameterGroups", "redshift:DescribeClusterParameters",
          "redshift:DescribeClusterSnapshots", "redshift:DescribeClusterSubnetGroups",
          "redshift:DescribeClusters", "redshift:DescribeOrderableClusterOptions",
          "redshift:DescribeTags",
        ], resources: ["*"]),
      IAMPolicy.Statement(
        id: "MakeTheCluster",
        actions: [
          "redshift:CreateCluster", "redshift:CreateClusterParameterGroup",
          "redshift:CreateClusterSnapshot", "redshift:CreateClusterSubnetGroup",
          "redshift:CreateTags", "redshift:DeleteCluster", "redshift:DeleteClusterParameterGroup",
          "redshift:DeleteClusterSubnetGroup", "redshift:ModifyCluster",
          "redshift:ModifyClusterIamRoles",
          "redshift:ModifyClusterParameterGroup", "redshift:ModifyClusterSubnetGroup",
          "redshift:PauseCluster", "redshift:ResizeCluster", "redshift:ResumeCluster",
        ],
        resources: [
          "\(arns):cluster:\(name)", "\(arns):parametergroup:\(parameterGroup)",
          "\(arns):snapshot:\(name)/*", "\(arns):subnetgroup:\(subnetGroup)",
        ]),
    ]
  }

  /// What a temporary login to a cluster asks for (Redshift API reference, `GetClusterCredentials`
  /// and `GetClusterCredentialsWithIAM`).
  private var loginStatements: [IAMPolicy.Statement] {
    guard let temporaryLogin else { return [] }
    let (name, database) = (temporaryLogin.cluster, temporaryLogin.database)
    let arns = "arn:\(partition):redshift:\(region):*"
    var actions = ["redshift:GetClusterCredentials"]
    if createsUser { actions.append("redshift:CreateClusterUser") }
    // As long as nobody named a user: provisioning does.
    if !namesUser { actions.append("redshift:GetClusterCredentialsWithIAM") }
    return [
      IAMPolicy.Statement(
        id: "LogIn", actions: actions,
        resources: [
          "\(arns):dbname:\(name)/\(database)", "\(arns):dbuser:\(name)/\(user)",
        ])
    ]
  }

  /// What restaging on EMR asks for; nothing when it is done elsewhere.
  private var jobStatements: [IAMPolicy.Statement] {
    guard let restage else { return [] }
    switch restage.engine {
    case .native, .spark: return []
    case .emr:
      let clusters = "arn:\(partition):elasticmapreduce:\(region):*:cluster"
      return [
        IAMPolicy.Statement(
          id: "RunTheJob",
          actions: [
            "elasticmapreduce:AddJobFlowSteps", "elasticmapreduce:CancelSteps",
            "elasticmapreduce:DescribeStep", "elasticmapreduce:ListSteps",
          ], resources: ["\(clusters)/\(restage.emrCluster ?? "*")"])
      ]
    case .emrServerless:
      let application =
        "arn:\(partition):emr-serverless:\(region):*:/applications/\(restage.emrApplication ?? "*")"
      let run = IAMPolicy.Statement(
        id: "RunTheJob",
        actions: [
          "emr-serverless:CancelJobRun", "emr-serverless:GetJobRun", "emr-serverless:StartJobRun",
        ], resources: [application, application + "/jobruns/*"])
      guard let role = restage.emrRole else { return [run] }
      return [
        run,
        IAMPolicy.Statement(
          id: "GiveTheJobItsRole", actions: ["iam:PassRole"], resources: [role],
          conditions: [
            IAMPolicy.Condition(
              comparison: "StringEquals", key: "iam:PassedToService",
              values: ["emr-serverless.amazonaws.com"])
          ]),
      ]
    }
  }

  /// A run lists the sources, writes lists of files for COPY, and gives up what it did not finish.
  private var sourceStatements: [IAMPolicy.Statement] {
    var statements = rolePolicy?.statements ?? []
    let places = writable.compactMap { place in
      if case .s3(let bucket, let prefix) = place {
        "arn:\(partition):s3:::\(bucket)/\(prefix.escapedForIAM)*"
      } else {
        nil
      }
    }
    if !places.isEmpty {
      statements.append(
        IAMPolicy.Statement(
          id: "WriteWork",
          actions: ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"],
          resources: places))
    }
    if case .s3(let bucket, _)? = restage?.output {
      // IAM knows no prefix for it (service authorization reference, "Amazon S3").
      statements.append(
        IAMPolicy.Statement(
          id: "FindLostUploads", actions: ["s3:ListBucketMultipartUploads"],
          resources: ["arn:\(partition):s3:::\(bucket)"]))
    }
    return statements
  }

  /// The namespaces and workgroups of the API have identifiers of their own in their ARNs, which
  /// nobody knows before they are made: our mark tells which are ours (service authorization
  /// reference, "Amazon Redshift Serverless").
  private var serverlessStatements: [IAMPolicy.Statement] {
    let arns = "arn:\(partition):redshift-serverless:\(region):*"
    let all = ["\(arns):namespace/*", "\(arns):snapshot/*", "\(arns):workgroup/*"]
    return [
      IAMPolicy.Statement(
        id: "KnowTheWorkgroup",
        actions: [
          "redshift-serverless:GetCredentials", "redshift-serverless:GetNamespace",
          "redshift-serverless:GetWorkgroup", "redshift-serverless:ListSnapshots",
          "redshift-serverless:ListTagsForResource",
        ], resources: all),
      IAMPolicy.Statement(
        id: "MakeTheWorkgroup",
        actions: ["redshift-serverless:CreateNamespace", "redshift-serverless:CreateWorkgroup"],
        resources: all, conditions: [isMarked]),
      // A last snapshot, made with the call that deletes, gets no mark.
      IAMPolicy.Statement(
        id: "MakeSnapshots", actions: ["redshift-serverless:CreateSnapshot"],
        resources: ["\(arns):namespace/*", "\(arns):snapshot/*"]),
      // Nothing tells a tag that comes with a new thing from one for an old thing; what bears the
      // mark of another warehouse keeps it.
      IAMPolicy.Statement(
        id: "MarkTheWorkgroup", actions: ["redshift-serverless:TagResource"], resources: all,
        conditions: [isMarked, mark("aws:ResourceTag", "StringEqualsIfExists")]),
      IAMPolicy.Statement(
        id: "ChangeTheWorkgroup",
        actions: [
          "redshift-serverless:DeleteNamespace", "redshift-serverless:DeleteWorkgroup",
          "redshift-serverless:UpdateNamespace", "redshift-serverless:UpdateWorkgroup",
        ], resources: ["\(arns):namespace/*", "\(arns):workgroup/*"], conditions: [bearsMark]),
    ]
  }
}

extension String {
  /// With `*`, `?` and `$` standing for themselves, as IAM writes them (IAM user guide, "Policy
  /// variables", special characters).
  fileprivate var escapedForIAM: String {
    unicodeScalars.map { "*?$".unicodeScalars.contains($0) ? "${\($0)}" : String($0) }.joined()
  }
}

/// The policies that a configuration means, as JSON documents.
public struct CloudPolicies: Sendable {
  /// What the warehouse's role may do; nil when no source lies in a bucket.
  public let role: String?
  /// Who may take that role.
  public let trust: String
  /// What whoever provisions must be allowed to do.
  public let `operator`: String

  /// The policies of a configuration. AWS is not asked.
  ///
  /// - Throws: `.configuration` when the warehouse cannot be.
  public init(_ configuration: Configuration) throws(WarehouseError) {
    let plan = try CloudPlan(configuration)
    role = plan.rolePolicy?.text
    trust = plan.trustPolicy.text
    `operator` = plan.operatorPolicy.text
  }
}
