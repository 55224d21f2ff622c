"""The network and the database: nothing comes in but what should, all that is called can be reached, and data stays."""

from typing import Any

import pytest

from deploy.package.contents import SERVICES
from edge.limits import LIMITS
from tests.edge.stacks import resources, stack

SUBNETS = {name: one for name, one in resources("network", "EC2::Subnet").items() if name != "PublicSubnet"}
#: Of AWS's services, those that a function reaches without IPv6 or a NAT gateway.
BY_ENDPOINT = {"s3"}
#: … and those whose endpoints have IPv6: docs.aws.amazon.com/vpc/latest/userguide/aws-ipv6-support.html, 2026-11-30.
BY_IPV6 = {"cloudfront", "rekognition", "s3", "secretsmanager", "ssm", "sts", "logs", "lambda", "kms"}


def test_two_private_subnets_in_two_zones_have_both_kinds_of_addresses():
    zones = [one["AvailabilityZone"]["Fn::Select"][0] for one in SUBNETS.values()]
    assert sorted(zones) == [0, 1]
    for one in SUBNETS.values():
        assert one["CidrBlock"]
        assert one["Ipv6CidrBlock"]
        assert one["AssignIpv6AddressOnCreation"] is True
        assert not one.get("MapPublicIpOnLaunch")


def test_the_way_out_costs_nothing_by_the_hour_unless_a_nat_gateway_is_asked_for():
    network = stack("network")
    assert network["Parameters"]["Nat"]["Default"] == "no"
    costly = ("AWS::EC2::NatGateway", "AWS::EC2::EIP")
    for one in network["Resources"].values():
        if one["Type"] in costly or one.get("Properties", {}).get("VpcEndpointType") == "Interface":
            assert one["Condition"] == "HasNat"
    routes = resources("network", "EC2::Route")
    assert routes["OutByIpv6"] == {
        "RouteTableId": {"Ref": "Routes"},
        "DestinationIpv6CidrBlock": "::/0",
        "EgressOnlyInternetGatewayId": {"Ref": "Out"},
    }


def test_all_that_the_service_calls_can_be_reached_without_it():
    assert set(SERVICES) <= BY_ENDPOINT | BY_IPV6
    (endpoint,) = resources("network", "EC2::VPCEndpoint").values()
    assert (endpoint["VpcEndpointType"], endpoint["RouteTableIds"]) == ("Gateway", [{"Ref": "Routes"}])


def test_nobody_but_the_function_reaches_the_database_and_nobody_the_function():
    groups = resources("network", "EC2::SecurityGroup")
    assert "SecurityGroupIngress" not in groups["FunctionGroup"]
    (rule,) = groups["DatabaseGroup"]["SecurityGroupIngress"]
    assert (rule["FromPort"], rule["ToPort"], rule["SourceSecurityGroupId"]) == (5432, 5432, {"Ref": "FunctionGroup"})
    assert [one["CidrIp"] for one in groups["DatabaseGroup"]["SecurityGroupEgress"]] == ["127.0.0.1/32"]


@pytest.fixture
def database() -> dict[str, Any]:
    return resources("database", "RDS::DBInstance")["Database"]


def test_the_database_is_encrypted_private_and_protected(database):
    assert database["StorageEncrypted"] is database["DeletionProtection"] is True
    assert database["PubliclyAccessible"] is False
    resource = stack("database")["Resources"]["Database"]
    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")


def test_its_password_stands_in_no_parameter_and_its_disk_takes_no_more_than_aws_allows(database):
    assert database["MasterUserPassword"] == {"Fn::Sub": "{{resolve:secretsmanager:${Secret}:SecretString:PASSWORD}}"}
    # Speed of its own is only for disks that are larger.
    assert "Iops" not in database
    assert stack("database")["Parameters"]["Gigabytes"]["MaxValue"] < LIMITS["rds"]["own_iops_from_gigabytes"]
