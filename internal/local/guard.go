package local

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Policy is a Content-Security-Policy that lets a page load only from its own server,
// and forbids other sites to frame it.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

// Guard wraps a handler. It refuses requests whose Host is neither this machine's nor
// one of names, and requests from other sites that would change something, and sets the
// headers that all answers have. It fails if one of names is not the name of a host.
func Guard(h http.Handler, names []string) (http.Handler, error) {
	foreign := http.NewCrossOriginProtection()
	for _, name := range names { // a proxy may pass on its own name
		for _, scheme := range []string{"http://", "https://"} {
			if err := foreign.AddTrustedOrigin(scheme + name); err != nil {
				return nil, fmt.Errorf("%q is not the name of a host, such as lab.example or lab.example:8443", name)
			}
		}
	}
	foreign.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		Fail(w, http.StatusForbidden, errors.New("this request comes from a page of another site, which may not make it"))
	}))
	h = foreign.Handler(h)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		head := w.Header()
		head.Set("Content-Security-Policy", Policy)
		head.Set("X-Content-Type-Options", "nosniff")
		head.Set("Referrer-Policy", "no-referrer")
		head.Set("Cross-Origin-Resource-Policy", "same-origin")
		head.Set("Cache-Control", "no-store")
		if !known(r.Host, names) {
			Fail(w, http.StatusMisdirectedRequest, fmt.Errorf("this server is not %q; open it as localhost or by its address", r.Host))
			return
		}
		h.ServeHTTP(w, r)
	}), nil
}

// known reports whether a Host header may be answered: an address, which can't be
// someone else's DNS name, localhost, or one of the names.
func known(host string, names []string) bool {
	full := host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.ToLower(strings.Trim(host, "[]")), ".")
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	return host == "localhost" || strings.HasSuffix(host, ".localhost") ||
		slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, host) || strings.EqualFold(n, full) })
}
