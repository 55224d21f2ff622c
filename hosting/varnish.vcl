# Varnish 7 in front of the service, as a cache that the service purges: /etc/varnish/default.vcl, with VARNISH_URLS set to the address
# of each Varnish as the service reaches it.
vcl 4.1;

backend default {
    .host = "127.0.0.1";
    .port = "8000";
    .first_byte_timeout = 30s;
}

# The addresses from which the service purges. All others are refused.
acl purgers {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    if (req.method == "BAN") {
        if (client.ip !~ purgers) {
            return (synth(403, "Not from here"));
        }
        ban("obj.http.Cache-Tag ~ " + req.http.X-Ban-Tags);
        return (synth(200, "Banned"));
    }
    # The admin is never cached. Everything else needs no cookie.
    if (req.url ~ "^/admin") {
        return (pass);
    }
    unset req.http.Cookie;
    # One variant for each kind of browser, as the service tells them apart, instead of one for each value of Accept.
    if (req.http.Accept ~ "image/avif") {
        set req.http.Accept = "image/avif,image/webp,*/*";
    } else if (req.http.Accept ~ "image/webp") {
        set req.http.Accept = "image/webp,*/*";
    } else {
        set req.http.Accept = "*/*";
    }
}

sub vcl_deliver {
    unset resp.http.Cache-Tag;
}
