import Testing

@testable import Warehouse

@Suite("The price of a warehouse in the cloud")
struct CloudCostTests {
  @Test("is the list's for kinds and regions that it has, and not known for others")
  func list() {
    let price = CloudPrice(nodeType: "RA3.xlplus", nodes: 3, region: "us-east-1", configured: nil)
    #expect(price?.hourText == "$3.258 an hour")
    #expect(price?.terms == "3 × RA3.xlplus at $1.086")
    #expect(price?.sourceText.contains("list price of March 2026") == true)
    for (type, region) in [("rg.large", "us-east-1"), ("ra3.large", "me-south-1")] {
      #expect(CloudPrice(nodeType: type, nodes: 1, region: region, configured: nil) == nil)
    }
    #expect(CloudPrice(units: 8, region: "us-east-1", configured: nil)?.perHour == 3)
    let west = CloudPrice(units: 8, region: "us-west-2", configured: nil)
    #expect(west?.hourText == "$2.88 an hour")
    #expect(west?.sourceText.contains("list price of September 2026") == true)
    #expect(CloudPrice(units: 8, region: "eu-west-1", configured: nil) == nil)
  }

  @Test("of serverless is that of its units, and only while queries run")
  func units() throws {
    let folder = try ScratchFolder()
    let configuration = try Configuration.load(
      folder.options(set: ["DWH.DWH_WORKGROUP=course", "DWH.DWH_BASE_CAPACITY=16"]))
    let plan = try CloudPlan(configuration, region: "us-east-1")
    let outline = plan.outline()
    #expect(outline.hasPrefix("course: 16 processing units in us-east-1, $"), "\(outline)")
    #expect(outline.contains(" an hour while queries run (list price of"), "\(outline)")
    let price = CloudPrice(units: 16, region: "us-west-2", configured: 0.5)
    #expect(price?.hourText == "$8.00 an hour")
    #expect(price?.terms == "16 units at $0.50 while queries run")
  }

  @Test("is the configured one where there is one")
  func configured() {
    let price = CloudPrice(nodeType: "rg.large", nodes: 2, region: "eu-west-1", configured: 0.5)
    #expect(price?.hourText == "$1.00 an hour")
    #expect(price?.sourceText == "by NODE_PRICE")
    #expect(price?.cost(after: .seconds(5400)) == 1.5)
    #expect(price?.cost(after: .seconds(-1)) == 0)
    #expect(CloudPrice.text(1234.5) == "$1234.50")
  }

  @Test("of a job is that of its processors and its memory")
  func job() {
    #expect(PriceList.job(processorHours: 1, memoryHours: 0) == 0.052624)
    #expect(PriceList.job(processorHours: 0, memoryHours: 2) == 0.011557)
  }

  @Test("comes with the time after which an unused cluster is paused")
  func pauseDelay() {
    #expect(PauseDelay("30 min")?.duration == .seconds(1800))
    #expect(PauseDelay("90m")?.text == "90 min")
    #expect(PauseDelay("2h")?.text == "2 h")
    #expect(PauseDelay("off")?.duration == nil)
    #expect(PauseDelay("off")?.text == "off")
    for wrong in ["", "4 min", "30", "30 s", "8 days", "min", "99999999999999999999 h"] {
      #expect(PauseDelay(wrong) == nil, "\(wrong)")
    }
  }
}

@Suite("Who is let in")
struct AddressRangeTests {
  @Test("is told by the first bits of an address, of either family")
  func ranges() throws {
    let range = try #require(AddressRange("203.0.113.0/25"))
    #expect(range.contains(try #require(AddressRange("203.0.113.127"))))
    #expect(!range.contains(try #require(AddressRange("203.0.113.128/32"))))
    #expect(!range.contains(try #require(AddressRange("203.0.113.0/24"))))
    let all = try #require(AddressRange("0.0.0.0/0"))
    #expect(all.contains(range))
    #expect(!all.contains(try #require(AddressRange("::1"))))
    let six = try #require(AddressRange("2001:db8::/33"))
    #expect(six.contains(try #require(AddressRange("2001:db8:7fff::1"))))
    #expect(!six.contains(try #require(AddressRange("2001:db8:8000::1"))))
    for wrong in ["", "/8", "1.2.3/8", "1.2.3.4/33", "1.2.3.4/x", "1.2.3.4/8/9"] {
      #expect(AddressRange(wrong) == nil, "\(wrong)")
    }
  }

  @Test("and a role is taken by Redshift alone where its trust policy says so")
  func trust() {
    #expect(
      TrustPolicy(
        """
        {"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
          "Principal": {"Service": "redshift.amazonaws.com"}}}
        """
      ).missing(of: ["redshift.amazonaws.com"]).isEmpty)
    #expect(
      TrustPolicy(
        """
        {"Statement": [{"Effect": "Allow", "Action": ["sts:AssumeRole"],
          "Principal": {"Service": ["ec2.amazonaws.com", "redshift.amazonaws.com"]}}]}
        """
      ).missing(of: ["redshift.amazonaws.com"]).isEmpty)
    for other in [
      "", "{}", "{\"Statement\": []}",
      """
      {"Statement": [{"Effect": "Deny", "Action": "sts:AssumeRole",
        "Principal": {"Service": "redshift.amazonaws.com"}}]}
      """,
      """
      {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": {"Service": "ec2.amazonaws.com"}}]}
      """,
    ] {
      #expect(TrustPolicy(other).missing(of: ["redshift.amazonaws.com"]).count == 1, "\(other)")
    }
    // A workgroup takes its role under two names.
    let both = ["redshift.amazonaws.com", "redshift-serverless.amazonaws.com"]
    let one = """
      {"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": {"Service": "redshift.amazonaws.com"}}}
      """
    #expect(TrustPolicy(one).missing(of: both) == ["redshift-serverless.amazonaws.com"])
  }
}
