"""Snippets that sign a Thumbor URL. They print it, and take the key from the environment, so that no code has it."""

from .picture import Picture, Snippet

PYTHON = r"""
import base64, hashlib, hmac, os

key, path = os.environ["SECURITY_KEY"], "__PATH__"
signature = base64.urlsafe_b64encode(hmac.new(key.encode(), path.encode(), hashlib.sha1).digest()).decode()
print(f"__BASE__/{signature}/{path}")
"""

JAVASCRIPT = r"""
import { createHmac } from "node:crypto";

const [key, path] = [process.env.SECURITY_KEY, "__PATH__"];
const signature = createHmac("sha1", key).update(path).digest("base64").replaceAll("+", "-").replaceAll("/", "_");
console.log(`__BASE__/${signature}/${path}`);
"""

RUBY = r"""
require "openssl"

key, path = ENV.fetch("SECURITY_KEY"), "__PATH__"
signature = [OpenSSL::HMAC.digest("SHA1", key, path)].pack("m0").tr("+/", "-_")
puts "__BASE__/#{signature}/#{path}"
"""

PHP = r"""
<?php
[$key, $path] = [getenv('SECURITY_KEY'), '__PATH__'];
$signature = strtr(base64_encode(hash_hmac('sha1', $path, $key, true)), '+/', '-_');
echo "__BASE__/$signature/$path\n";
"""

GO = r"""
package main

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"os"
)

func main() {
	key, path := os.Getenv("SECURITY_KEY"), "__PATH__"
	mac := hmac.New(sha1.New, []byte(key))
	mac.Write([]byte(path))
	fmt.Printf("__BASE__/%s/%s\n", base64.URLEncoding.EncodeToString(mac.Sum(nil)), path)
}
"""

TEMPLATES = (
    ("Python", "python", PYTHON),
    ("JavaScript, in node", "js", JAVASCRIPT),
    ("Ruby", "ruby", RUBY),
    ("PHP", "php", PHP),
    ("Go", "go", GO),
)


def signing(picture: Picture, algorithm: str = "sha1") -> list[Snippet]:
    """One for each language, by SHA-1 or by the `algorithm` of the deployment, sha256 or sha512."""
    return [
        Snippet(title, language, filled(by(algorithm, template.removeprefix("\n")), picture))
        for title, language, template in TEMPLATES
    ]


def by(algorithm: str, template: str) -> str:
    """A template that signs by another algorithm. All languages call it alike."""
    return template.replace("sha1", algorithm).replace("SHA1", algorithm.upper())


def filled(template: str, picture: Picture) -> str:
    return template.replace("__BASE__", picture.base).replace("__PATH__", picture.thumbor_path)
