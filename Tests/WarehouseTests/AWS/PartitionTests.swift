import Testing

@testable import Warehouse

@Suite("The partitions of AWS")
struct PartitionTests {
  @Test(
    "have an IAM of their own, at its own host and signed for its own region",
    arguments: [
      ("eu-west-1", "iam.amazonaws.com", "us-east-1"),
      ("cn-northwest-1", "iam.cn-north-1.amazonaws.com.cn", "cn-north-1"),
      ("us-gov-east-1", "iam.us-gov.amazonaws.com", "us-gov-west-1"),
    ])
  func global(_ region: String, _ host: String, _ signed: String) {
    #expect(AWSService.iam.host(in: region) == host)
    #expect(AWSService.iam.signingRegion(in: region) == signed)
    #expect(AWSService.checkIP.host(in: region) == "checkip.amazonaws.com")
    #expect(AWSService.redshift.signingRegion(in: region) == region)
  }

  @Test("serve each region at its own host besides")
  func regional() {
    #expect(AWSService.sts.host(in: "us-gov-east-1") == "sts.us-gov-east-1.amazonaws.com")
    #expect(AWSService.ec2.host(in: "cn-north-1") == "ec2.cn-north-1.amazonaws.com.cn")
  }
}
