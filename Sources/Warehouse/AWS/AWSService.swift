/// A service of AWS: how it is reached, signed for and spoken to.
struct AWSService: Sendable, Equatable {
  /// How a request and its answer are written.
  enum Form: Sendable, Equatable {
    /// Parameters in a form, XML back.
    case query(version: String)
    /// EC2's own kind of it.
    case ec2Query(version: String)
    /// XML over paths: S3.
    case restXML
    /// JSON with the operation in `X-Amz-Target`, after this prefix.
    case json(target: String)
    /// JSON over paths.
    case restJSON
  }

  /// The name that requests are signed for.
  let name: String
  /// The first part of its host.
  let host: String
  /// What follows `AWS_ENDPOINT_URL_` for it.
  let variable: String
  let form: Form
  /// Whether one place serves all regions of a partition.
  var isGlobal = false

  static let s3 = AWSService(name: "s3", host: "s3", variable: "S3", form: .restXML)
  static let sts = AWSService(
    name: "sts", host: "sts", variable: "STS", form: .query(version: "2011-06-15"))
  static let iam = AWSService(
    name: "iam", host: "iam", variable: "IAM", form: .query(version: "2010-05-08"),
    isGlobal: true)
  static let ec2 = AWSService(
    name: "ec2", host: "ec2", variable: "EC2", form: .ec2Query(version: "2016-11-15"))
  static let redshift = AWSService(
    name: "redshift", host: "redshift", variable: "REDSHIFT", form: .query(version: "2012-12-01"))
  static let redshiftData = AWSService(
    name: "redshift-data", host: "redshift-data", variable: "REDSHIFT_DATA",
    form: .json(target: "RedshiftData"))
  static let emr = AWSService(
    name: "elasticmapreduce", host: "elasticmapreduce", variable: "EMR",
    form: .json(target: "ElasticMapReduce"))
  static let redshiftServerless = AWSService(
    name: "redshift-serverless", host: "redshift-serverless", variable: "REDSHIFT_SERVERLESS",
    form: .json(target: "RedshiftServerless"))
  /// Says from which address one calls, as one line of text and to anybody. It has no region.
  static let checkIP = AWSService(
    name: "checkip", host: "checkip", variable: "CHECKIP", form: .restJSON,
    isGlobal: true)
  static let emrServerless = AWSService(
    name: "emr-serverless", host: "emr-serverless", variable: "EMR_SERVERLESS", form: .restJSON)

  /// The host in a region; nothing but S3, IAM and China's partition have another form.
  func host(in region: String) -> String {
    guard isGlobal else { return "\(host).\(region).\(Self.suffix(region))" }
    // It tells anybody's address; only the one is known.
    if self == .checkIP { return "\(host).amazonaws.com" }
    switch CloudPlan.partition(of: region) {
    case "aws-cn": return "\(host).\(signingRegion(in: region)).\(Self.suffix(region))"
    case "aws-us-gov": return "\(host).us-gov.\(Self.suffix(region))"
    default: return "\(host).\(Self.suffix(region))"
    }
  }

  /// The region that requests are signed for. A global service has one for each partition (AWS
  /// general reference, "AWS Identity and Access Management endpoints and quotas").
  func signingRegion(in region: String) -> String {
    guard isGlobal else { return region }
    switch CloudPlan.partition(of: region) {
    case "aws-cn": return "cn-north-1"
    case "aws-us-gov": return "us-gov-west-1"
    default: return "us-east-1"
    }
  }

  private static func suffix(_ region: String) -> String {
    region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
  }
}
