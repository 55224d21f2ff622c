"""An AWS on this machine: CloudFormation, S3, and CloudFront as viewers see it, with its functions run by node."""

import http.client
import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import boto3

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = ROOT / "build/aws/bin/ministack"
REGION = "eu-central-1"


class Ministack:
    """Runs until `stop`. Nothing of it is kept, and nobody else can reach it."""

    def __init__(self, folder: Path) -> None:
        assert PROGRAM.exists(), f"{PROGRAM} is missing; make test-aws installs it"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        #: What every client and every process of the service needs to be here instead of on AWS.
        self.environment = {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
        }
        self.log = folder / "ministack.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [PROGRAM],
                # Its default is to listen to the whole network.
                env={
                    "PATH": os.environ["PATH"],
                    "HOME": str(folder),
                    "TMPDIR": str(folder),
                    "BIND_HOST": "127.0.0.1",
                    "GATEWAY_PORT": str(self.port),
                    "MINISTACK_ACCOUNT_ID": "123456789012",
                    "LAMBDA_EXECUTOR": "local",
                },
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + 60
        while True:
            try:
                if self.ask("127.0.0.1", "/_ministack/health")[0] == 200:
                    return
            except OSError:
                assert time.monotonic() < deadline, self.log.read_text()
                time.sleep(0.1)

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait()

    def client(self, name: str, region: str = REGION) -> Any:
        session = boto3.Session("test", "test", region_name=region)
        client: Any = session.client(name, endpoint_url=self.url)  # type: ignore[call-overload]  # any name
        return client

    def create(self, name: str, template: str, region: str = REGION, **parameters: str) -> dict[str, str]:
        """Create a stack and wait for it; its outputs."""
        formation = self.client("cloudformation", region)
        formation.create_stack(
            StackName=name,
            TemplateBody=template,
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        )
        deadline = time.monotonic() + 60
        while (made := formation.describe_stacks(StackName=name)["Stacks"][0])["StackStatus"] == "CREATE_IN_PROGRESS":
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert made["StackStatus"] == "CREATE_COMPLETE", formation.describe_stack_events(StackName=name)["StackEvents"]
        return {output["OutputKey"]: output["OutputValue"] for output in made.get("Outputs", ())}

    def delete(self, name: str) -> None:
        """Delete a stack and wait until it is gone."""
        formation = self.client("cloudformation")
        made = formation.describe_stacks(StackName=name)["Stacks"][0]["StackId"]
        formation.delete_stack(StackName=name)
        formation.get_waiter("stack_delete_complete").wait(StackName=made, WaiterConfig={"Delay": 1})

    def ask(
        self, host: str, raw: str, method: str = "GET", body: bytes = b"", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Send a request, as a viewer would to that host: of a distribution, say."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            sent = {"Host": host, **{name.replace("_", "-"): value for name, value in headers.items()}}
            connection.request(method, raw, body=body or None, headers=sent)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()
