import Testing

@testable import Warehouse

@Suite struct ConfigurationAliasTests {
  @Test(
    "every spelling of the public projects is understood",
    arguments: [
      (
        ConfigurationKey.host, "example.com",
        ["CLUSTER.HOST", "DWH.DWH_ENDPOINT", "DWH.DWH_HOST", "DB.HOST"]
      ),
      (
        .database, "dwh",
        ["CLUSTER.DB_NAME", "DB.DB_NAME", "DWH.DWH_DB", "CLUSTER.DWH_DB", "cluster.db_name"]
      ),
      (.user, "ann", ["CLUSTER.DB_USER", "DB.DB_USER", "DWH.DWH_DB_USER", "CLUSTER.DWH_DB_USER"]),
      (
        .password, "•••",
        ["CLUSTER.DB_PASSWORD", "DB.DB_PASSWORD", "DWH.DWH_DB_PASSWORD", "CLUSTER.DWH_DB_PASSWORD"]
      ),
      (.port, "5439", ["CLUSTER.DB_PORT", "DB.DB_PORT", "DWH.DWH_PORT", "CLUSTER.DWH_PORT"]),
      (
        .roleARN, "arn:aws:iam::123456789012:role/dwhRole",
        [
          "IAM_ROLE.ARN", "IAM_ROLE.DWH_ROLE_ARN", "DWH.DWH_ROLE_ARN", "IAM_ROLE.db_role_arn",
          "IAM_ROLE.REDSHIFT_ARN",
        ]
      ),
      (
        .roleName, "dwhRole",
        [
          "DWH.DWH_IAM_ROLE_NAME", "IAM.DWH_IAM_ROLE_NAME", "IAM_ROLE.NAME", "IAM_ROLE.ROLE_NAME",
          "IAM_ROLE.IAM_ROLE_NAME", "IAM_ROLE.ROLE",
        ]
      ),
      (
        .policyARN, "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
        ["IAM_ROLE.POLICY_ARN", "IAM_ROLE.IAM_POLICY_ARN"]
      ),
      (
        .roleDescription, "reads S3",
        ["IAM_ROLE.DESCRIPTION", "IAM_ROLE.IAM_ROLE_DESCRIPTION"]
      ),
      (.logData, "s3://bucket/log_data", ["S3.LOG_DATA", "S3_BUCKET.LOG_DATA"]),
      (.songData, "s3://bucket/song-data/", ["S3.SONG_DATA", "S3_BUCKET.SONG_DATA"]),
      (
        .logJSONPath, "s3://bucket/log_json_path.json",
        ["S3.LOG_JSONPATH", "S3_BUCKET.LOG_JSONPATH", "S3.LOG_JSON_FORMAT"]
      ),
      (
        .accessKey, "•••",
        ["AWS.KEY", "AWS.ACCESS_KEY", "AWS.AWS_ACCESS_KEY_ID", "AWS.AWS_ACCESS_KEY"]
      ),
      (
        .secretKey, "•••",
        ["AWS.SECRET", "AWS.SECRET_KEY", "AWS.AWS_SECRET_ACCESS_KEY", "AWS.AWS_SECRET_KEY"]
      ),
      (.sessionToken, "•••", ["AWS.TOKEN", "AWS.SESSION_TOKEN", "AWS.AWS_SESSION_TOKEN"]),
      (
        .region, "us-west-2",
        [
          "AWS.REGION", "REGION.REGION", "S3.REGION", "CLUSTER.REGION_NAME", "DWH.REGION",
          "DWH.DWH_REGION", "DWH.DWH_REGION_NAME", "DEST.REGION",
        ]
      ),
      (.clusterType, "multi-node", ["DWH.DWH_CLUSTER_TYPE", "CLUSTER.CLUSTER_TYPE"]),
      (.nodeCount, "4", ["DWH.DWH_NUM_NODES", "CLUSTER.NUM_NODES"]),
      (.nodeType, "dc2.large", ["DWH.DWH_NODE_TYPE", "CLUSTER.NODE_TYPE"]),
      (
        .clusterIdentifier, "dwhCluster",
        ["DWH.DWH_CLUSTER_IDENTIFIER", "CLUSTER.CLUSTER_IDENTIFIER"]
      ),
      (.workgroup, "sparkify", ["DWH.dwh_workgroup"]),
      (.baseCapacity, "8", ["DWH.dwh_base_capacity"]),
      (.groupName, "dwhGroup", ["SECURITY_GROUP.NAME"]),
      (.groupDescription, "lets me in", ["SECURITY_GROUP.DESCRIPTION"]),
      (.ruleProtocol, "tcp", ["INBOUND_RULE.PROTOCOL"]),
      (.rulePorts, "5439", ["INBOUND_RULE.PORT_RANGE"]),
      (.ruleAddresses, "203.0.113.7/32", ["INBOUND_RULE.CIDRIP"]),
    ] as [(ConfigurationKey, String, [String])])
  func understands(key: ConfigurationKey, value: String, spellings: [String]) throws {
    for spelling in spellings {
      let parts = spelling.split(separator: ".")
      let folder = try ScratchFolder()
      let report = try folder.check("[\(parts[0])]\n\(parts[1]) = '\(value)'\n")
      #expect(report.value(key) == value, "\(spelling)")
      // Half a pair of keys is worth a warning; nothing else is.
      let half = key == .accessKey || key == .secretKey
      #expect(report.findings.count == (half ? 1 : 0), "\(spelling): \(report.lines)")
      #expect(report.configuration.origin(of: key) == .file("dwh.cfg", line: 2))
    }
  }

  @Test("two spellings that disagree are a warning, and the usual one counts")
  func disagreement() throws {
    let folder = try ScratchFolder()
    let report = try folder.check(
      "[DWH]\nDWH_DB=old\nDWH_PORT=5439\n[CLUSTER]\nDB_NAME=new\nDB_PORT=5439\n")
    #expect(report.configuration.server.database == "new")
    #expect(
      report.lines == [
        "dwh.cfg:2: warning: another value for CLUSTER.DB_NAME than in dwh.cfg:5, which counts. "
          + "Keep one of the two."
      ])
  }

  @Test(
    "placeholders and blanks set nothing",
    arguments: ["", "''", "\"\"", "<host>", "{host}", "***", "UPDATE_ME", "'<host>'", "  "])
  func placeholder(text: String) throws {
    let folder = try ScratchFolder()
    let report = try folder.check(
      "[CLUSTER]\nHOST=\(text)\nDB_PASSWORD=\(text)\nDB_PORT=\(text)\n")
    #expect(report.lines == [])
    #expect(report.configuration.target == .embedded)
    #expect(report.configuration.server == ServerSettings())
    #expect(report.configuration.origin(of: .host) == .standard)
  }

  @Test("every canonical key is read under its own name")
  func canonical() {
    for key in ConfigurationKey.allCases {
      #expect(ConfigurationKey.match(section: key.section, name: key.name)?.key == key)
    }
  }

  @Test(
    "names of secrets are known",
    arguments: [
      "SECRET", "SECRET_KEY", "db_password", "KEY", "TOKEN", "MY_TOKEN_2", "ACCESS_KEY_ID",
      "Passwd",
    ])
  func secretNames(name: String) { #expect(ConfigurationKey.isSecretName(name)) }
}
