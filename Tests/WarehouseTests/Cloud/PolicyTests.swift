import Testing

@testable import Warehouse

@Suite("The policies of a warehouse in the cloud")
struct PolicyTests {
  private func plan(_ text: String) throws -> CloudPlan {
    let folder = try ScratchFolder()
    let configuration = try folder.check(text).configuration
    return try CloudPlan(configuration, region: configuration.aws.region ?? "us-west-2")
  }

  @Test("let the role read the configured prefixes, and list just these")
  func leastPrivilege() throws {
    let policy = try plan(
      """
      [S3]
      LOG_DATA=s3://one/logs/
      SONG_DATA=s3://two/songs
      LOG_JSONPATH=s3://one/paths.json
      WORK=s3://one/work
      """
    ).rolePolicy
    #expect(
      policy?.statements == [
        IAMPolicy.Statement(
          id: "ReadSources", actions: ["s3:GetObject"],
          resources: [
            "arn:aws:s3:::one/logs/*", "arn:aws:s3:::one/work/*", "arn:aws:s3:::two/songs*",
            "arn:aws:s3:::one/paths.json",
          ]),
        IAMPolicy.Statement(
          id: "ListSources1", actions: ["s3:ListBucket"], resources: ["arn:aws:s3:::one"],
          conditions: [
            IAMPolicy.Condition(
              comparison: "StringLike", key: "s3:prefix", values: ["logs/*", "work/*"])
          ]),
        IAMPolicy.Statement(
          id: "ListSources2", actions: ["s3:ListBucket"], resources: ["arn:aws:s3:::two"],
          conditions: [
            IAMPolicy.Condition(
              comparison: "StringLike", key: "s3:prefix", values: ["songs*"])
          ]),
      ])
  }

  @Test("name a prefix once that another covers, and take its signs for themselves")
  func prefixes() throws {
    let covered = try plan("[S3]\nLOG_DATA=s3://one/a/b/\nSONG_DATA=s3://one/a/\n").rolePolicy
    #expect(covered?.statements.first?.resources == ["arn:aws:s3:::one/a/*"])
    let twice = try plan("[S3]\nLOG_DATA=s3://one/a/\nSONG_DATA=s3://one/a/\n").rolePolicy
    #expect(twice?.statements.first?.resources == ["arn:aws:s3:::one/a/*"])
    let odd = try plan("[S3]\nLOG_DATA=s3://one/a*b?c$d/\n").rolePolicy
    #expect(odd?.statements.first?.resources == ["arn:aws:s3:::one/a${*}b${?}c${$}d/*"])
    let all = try plan("[S3]\nLOG_DATA=s3://one\n").rolePolicy
    #expect(all?.statements.last?.conditions == [])
    #expect(try plan("[S3]\nLOG_DATA=/local/folder\n").rolePolicy == nil)
  }

  @Test("let Redshift take the role, and the serverless one where there is one")
  func trust() throws {
    #expect(
      try plan("").trustPolicy.text == """
        {"Version":"2012-10-17","Statement":[{"Sid":"RedshiftMayTakeIt","Effect":"Allow",\
        "Principal":{"Service":["redshift.amazonaws.com"]},"Action":["sts:AssumeRole"]}]}
        """)
    let serverless = try plan("[DWH]\nDWH_WORKGROUP=course\n").trustPolicy
    #expect(
      serverless.statements.first?.services
        == ["redshift.amazonaws.com", "redshift-serverless.amazonaws.com"])
  }

  @Test("give the operator what every call of a whole life needs, and nothing of everything")
  func operatorActions() throws {
    for text in [CloudFixture.cluster, CloudFixture.serverless] {
      let fixture = try CloudFixture(text)
      try fixture.provision()
      _ = try fixture.provisioner().snapshot(named: nil, Cancellation())
      if text == CloudFixture.cluster {
        _ = try fixture.provisioner().pause(Cancellation())
        _ = try fixture.provisioner().resume(Cancellation())
        _ = try fixture.provisioner().resize(nodes: 3, Cancellation())
      }
      let plan = try fixture.provisioner().plan
      try fixture.teardown()
      let allowed = Set(plan.operatorPolicy.statements.flatMap(\.actions))
      let free = ["sts:GetCallerIdentity", "checkip:GetAddress"]
      for call in fixture.cloud.calls.map({ String($0.prefix { $0 != " " }) }) {
        #expect(allowed.contains(call) || free.contains(call), "\(call)")
      }
      #expect(!allowed.contains { $0.hasSuffix("*") })
    }
  }

  @Test("let the role read what is packed for it, and the operator write it")
  func restaged() throws {
    let plan = try plan("[S3]\nLOG_DATA=s3://one/a/\n[RESTAGE]\nOUTPUT=s3://two/packed/\n")
    #expect(
      plan.rolePolicy?.statements.first?.resources
        == ["arn:aws:s3:::one/a/*", "arn:aws:s3:::two/packed/*"])
    let statements = plan.operatorPolicy.statements
    let writing = statements.first { $0.id == "WriteWork" }
    #expect(writing?.actions == ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"])
    #expect(writing?.resources == ["arn:aws:s3:::two/packed/*"])
    let finding = statements.first { $0.id == "FindLostUploads" }
    #expect(finding?.actions == ["s3:ListBucketMultipartUploads"])
    #expect(finding?.resources == ["arn:aws:s3:::two"])
    #expect(!statements.contains { $0.id == "RunTheJob" })
  }

  @Test("let the operator run the job on EMR where that is configured, and hand it its role")
  func jobs() throws {
    let step = try plan(
      "[S3]\nLOG_DATA=s3://one/a/\n[RESTAGE]\nOUTPUT=s3://two/p/\nENGINE=emr\nEMR_CLUSTER=j-1\n"
    ).operatorPolicy.statements
    #expect(
      step.last
        == IAMPolicy.Statement(
          id: "RunTheJob",
          actions: [
            "elasticmapreduce:AddJobFlowSteps", "elasticmapreduce:CancelSteps",
            "elasticmapreduce:DescribeStep", "elasticmapreduce:ListSteps",
          ], resources: ["arn:aws:elasticmapreduce:us-west-2:*:cluster/j-1"]))
    let role = "arn:aws:iam::123456789012:role/job"
    let job = try plan(
      "[S3]\nLOG_DATA=s3://one/a/\n[RESTAGE]\nOUTPUT=s3://two/p/\nENGINE=emr-serverless\n"
        + "EMR_APPLICATION=00a\nEMR_ROLE=\(role)\n"
    ).operatorPolicy.statements
    #expect(job.suffix(2).map(\.id) == ["RunTheJob", "GiveTheJobItsRole"])
    #expect(job.last?.resources == [role])
    #expect(job.last?.conditions.first?.values == ["emr-serverless.amazonaws.com"])
  }

  @Test("let the operator log in with a temporary password where that is configured")
  func logins() throws {
    func actions(_ text: String) throws -> [String] {
      try plan(text).operatorPolicy.statements.first { $0.id == "LogIn" }?.actions ?? []
    }
    #expect(try actions("") == [])
    #expect(
      try actions("[CLUSTER]\nLOGIN=temporary\nDB_USER=dwhuser\n")
        == ["redshift:GetClusterCredentials"])
    #expect(
      try actions("[CLUSTER]\nLOGIN=temporary\n")
        == ["redshift:GetClusterCredentials", "redshift:GetClusterCredentialsWithIAM"])
    #expect(
      try actions("[CLUSTER]\nLOGIN=temporary\nDB_USER=dwhuser\nAUTO_CREATE_USER=on\n")
        == ["redshift:GetClusterCredentials", "redshift:CreateClusterUser"])
  }

  @Test("let the operator log in where a host is known and no password")
  func loginsToHosts() throws {
    func login(_ text: String) throws -> IAMPolicy.Statement? {
      try plan(text).operatorPolicy.statements.first { $0.id == "LogIn" }
    }
    let host = "course.abc.us-west-2.redshift.amazonaws.com"
    let found = try login("[CLUSTER]\nHOST=\(host)\nDB_USER=dwhuser\n")
    #expect(found?.actions == ["redshift:GetClusterCredentials"])
    #expect(
      found?.resources == [
        "arn:aws:redshift:us-west-2:*:dbname:course/dev",
        "arn:aws:redshift:us-west-2:*:dbuser:course/dwhuser",
      ])
    #expect(try login("[CLUSTER]\nHOST=\(host)\nDB_USER=x\nDB_PASSWORD=Secret12\n") == nil)
    #expect(
      try login("[CLUSTER]\nHOST=\(host)\nDB_USER=x\nLOGIN=password\nDB_PASSWORD=Se3cret12\n")
        == nil)
  }

  @Test("let the operator hand over the role, whoever made it")
  func givenRole() throws {
    let arn = "arn:aws:iam::999999999999:role/theirs"
    for text in ["", "[DWH]\nDWH_WORKGROUP=course\n"] {
      let statements = try plan("\(text)[IAM_ROLE]\nARN=\(arn)\n").operatorPolicy.statements
      let passing = statements.first { $0.actions == ["iam:PassRole"] }
      #expect(passing?.resources == [arn])
      #expect(passing?.conditions.first?.key == "iam:PassedToService")
      #expect(!statements.contains { $0.id == "MakeTheRole" })
    }
  }

  @Test("let the operator change and remove what bears the warehouse's mark, and nothing else")
  func marks() throws {
    for text in ["", "[DWH]\nDWH_WORKGROUP=sparkify\n"] {
      let statements = try plan(text).operatorPolicy.statements
      for statement in statements {
        // Where the names are not in the resources, the mark must be in the conditions.
        let isWide = statement.resources.contains {
          $0.hasSuffix(":security-group/*") || $0.hasSuffix(":namespace/*")
        }
        let changes = statement.actions.contains { action in
          ["Authorize", "Revoke", "Delete", "Update"].contains { action.contains(":" + $0) }
        }
        guard isWide, changes else { continue }
        #expect(
          statement.conditions == [
            IAMPolicy.Condition(
              comparison: "StringEquals", key: "aws:ResourceTag/sparkify:warehouse",
              values: ["sparkify"])
          ], "\(statement.id)")
      }
      for action in ["ec2:CreateTags", "redshift-serverless:TagResource"] {
        for statement in statements where statement.actions.contains(action) {
          #expect(statement.conditions.contains { $0.key.hasPrefix("aws:RequestTag/") })
        }
      }
      #expect(statements.contains { $0.actions.contains("ec2:DeleteSecurityGroup") })
    }
  }

  @Test("name each operator of a condition once, and are no longer than AWS takes")
  func size() throws {
    for text in [CloudFixture.cluster, CloudFixture.serverless] {
      let policy = try plan(text).operatorPolicy
      // IAM user guide, "IAM and AWS STS quotas": 6,144 characters in a managed policy.
      #expect(policy.text.utf8.count < 6144, "\(policy.text.utf8.count)")
      #expect(
        policy.text.contains(
          "\"StringEquals\":{\"ec2:CreateAction\":[\"CreateSecurityGroup\"],"
            + "\"aws:RequestTag/sparkify:warehouse\":[\"course\"]}"))
    }
  }

  @Test("say the same in any order of members, and something else with another value")
  func comparison() throws {
    let trust = try plan("").trustPolicy
    #expect(
      trust.matches(
        """
        {"Statement": [{"Action": ["sts:AssumeRole"], "Effect": "Allow", "Sid": \
        "RedshiftMayTakeIt", "Principal": {"Service": ["redshift.amazonaws.com"]}}], \
        "Version": "2012-10-17"}
        """))
    #expect(!trust.matches(trust.text.replacing("redshift.", with: "ec2.")))
    #expect(!trust.matches("no JSON"))
  }

  @Test("are those of the partition that the region is in")
  func partitions() throws {
    let china = try plan("[AWS]\nREGION=cn-north-1\n[S3]\nLOG_DATA=s3://one/a/\n")
    #expect(china.rolePolicy?.statements.first?.resources == ["arn:aws-cn:s3:::one/a/*"])
    #expect(china.trustPolicy.statements.first?.services == ["redshift.amazonaws.com"])
  }
}
