import Testing

@testable import Warehouse

@Suite("Why a warehouse in the cloud does not answer")
struct ObstacleTests {
  @Test(
    "is its state, with what helps; one that runs has no such reason",
    arguments: [
      (CloudState.paused, "the cluster dwh is paused", "cluster resume"),
      (.changing("creating"), "the cluster dwh is creating", "Wait until it is available"),
      (.leaving("deleting"), "the cluster dwh is deleting", "cluster provision"),
      (.broken("storage-full"), "the cluster dwh is storage-full", "AWS's console"),
      (nil, "there is no cluster dwh in us-west-2", "cluster provision"),
    ] as [(CloudState?, String, String)])
  func reasons(_ state: CloudState?, _ words: String, _ remedy: String) throws {
    let obstacle = try #require(CloudObstacle(.cluster("dwh"), region: "us-west-2", state))
    #expect(obstacle.words == words)
    #expect(obstacle.remedy.contains(remedy))
    #expect(CloudObstacle(.cluster("dwh"), region: "us-west-2", .available) == nil)
  }
}
