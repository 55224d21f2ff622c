"""Findings of checkov that stay, each with its reason: by template, check and resource."""

EXCUSES = {
    ("storage", "CKV_AWS_18", "LogBucket"): "it is where access is logged; logging there would log itself",
    ("storage", "CKV_AWS_21", "LogBucket"): "nothing overwrites a log",
    ("global", "CKV_AWS_192", "WebAcl"): "no Java runs behind it, so nothing looks up what Log4j did",
    (
        "edge",
        "CKV_AWS_86",
        "Distribution",
    ): "checkov only knows legacy logs; global.yaml has those of the second version",
    (
        "edge",
        "CKV_AWS_174",
        "Distribution",
    ): "with a certificate of its own it is TLS 1.2; CloudFront's decides by itself",
    ("database", "CKV_AWS_118", "Database"): "RDS's own metrics suffice for a database that only editors ask",
    ("database", "CKV_AWS_157", "Database"): "TwoZones doubles the price, and pictures are served without the database",
    (
        "database",
        "CKV_AWS_161",
        "Database",
    ): "the password is long, random and in Secrets Manager; the network is closed",
    **{
        (
            name,
            "CKV_AWS_26",
            "Told",
        ): "CloudWatch cannot send to a topic that AWS's own key encrypts, and alarms name nobody"
        for name in ("global", "monitoring")
    },
}
