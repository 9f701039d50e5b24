//! Servers with certificates of a private authority.

use std::{
    io::{self, BufReader},
    net::{SocketAddr, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use linq_core::Body;
use linq_hyper::HyperBackend;
use linq_reqwest::{ReqwestBackend, reqwest};
use linq_ureq::{
    Unblock, UreqBackend,
    ureq::tls::{Certificate, RootCerts, TlsConfig},
};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{CertificateDer, PrivateKeyDer},
};

use super::{Backend, all, assert_not_connected, asynchronous, read_head, serve, write_response};

/// The server's side of a connection.
pub(super) type Tls = StreamOwned<ServerConnection, TcpStream>;

/// An authority that nobody trusts unless told to.
pub(super) struct Authority {
    certificate: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    pub(super) fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "Corporate CA");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key).unwrap().der().clone();
        Self { certificate, issuer: Issuer::new(params, key) }
    }

    /// Starts a server with a certificate for `host`. It counts requests.
    fn serve(&self, host: &str, is_expired: bool) -> (SocketAddr, Arc<AtomicUsize>) {
        let requests = Arc::<AtomicUsize>::default();
        let counted = Arc::clone(&requests);
        let address = self.serve_with(host, is_expired, move |mut stream| {
            while !read_head(&mut stream)?.is_empty() {
                counted.fetch_add(1, Ordering::SeqCst);
                write_response(stream.get_mut(), 200, "trusted")?;
            }
            Ok(())
        });
        (address, requests)
    }

    /// Starts a server with a certificate for `host` that does this with each connection.
    pub(super) fn serve_with(
        &self,
        host: &str,
        is_expired: bool,
        handle: impl Fn(BufReader<Tls>) -> io::Result<()> + Send + Sync + 'static,
    ) -> SocketAddr {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([host.to_owned()]).unwrap();
        if is_expired {
            params.not_before = date_time_ymd(2020, 1, 1);
            params.not_after = date_time_ymd(2021, 1, 1);
        }
        let certificate = params.signed_by(&key, &self.issuer).unwrap().der().clone();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        let config = Arc::new(config);
        serve(move |stream| {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            handle(BufReader::new(StreamOwned::new(connection, stream.into_inner())))
        })
    }

    /// Every backend, as its documentation says how to make it trust this authority.
    pub(super) fn trusting(&self) -> [(&'static str, Backend); 4] {
        let der = &self.certificate;
        let certificate = reqwest::Certificate::from_der(der).unwrap();
        let reqwest = ReqwestBackend::client_builder().tls_certs_merge([certificate]).build().unwrap();

        let mut roots = rustls::RootCertStore::empty();
        roots.add(der.clone()).unwrap();
        let tls =
            rustls::ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into());
        let tls = tls.with_safe_default_protocol_versions().unwrap();
        let hyper = HyperBackend::rustls_with(tls.with_root_certificates(roots).with_no_client_auth());

        let certificate = Certificate::from_der(der).to_owned();
        let tls = TlsConfig::builder().root_certs(RootCerts::new_with_certs(&[certificate])).build();
        let ureq = UreqBackend::from(UreqBackend::config_builder().tls_config(tls).build());
        [
            ("reqwest", asynchronous(ReqwestBackend::from(reqwest))),
            ("hyper", asynchronous(hyper)),
            ("ureq", Backend::Blocking(Arc::new(ureq.clone()))),
            ("ureq in Unblock", asynchronous(Unblock::new(ureq))),
        ]
    }
}

fn requests(address: SocketAddr) -> [http::Request<Body>; 3] {
    let url = format!("https://localhost:{}/v3/chats", address.port());
    [
        http::Request::get(&url).body(Body::empty()).unwrap(),
        http::Request::post(&url).header("content-length", 0).body(Body::empty()).unwrap(),
        http::Request::put(&url).body(Body::from("{}")).unwrap(),
    ]
}

#[tokio::test]
async fn a_backend_that_trusts_an_authority_connects_to_its_servers() {
    let authority = Authority::new();
    let (address, _) = authority.serve("localhost", false);
    for (name, backend) in authority.trusting() {
        let [get, ..] = requests(address);
        let response = backend.send(get).await.unwrap_or_else(|error| panic!("{name}: {error:?}"));
        assert_eq!(response.body(), "trusted", "{name}");
    }
}

#[tokio::test]
async fn nothing_is_sent_to_a_wrong_host_with_an_expired_certificate_or_of_an_unknown_authority() {
    let authority = Authority::new();
    let other = Authority::new();
    let cases = [
        ("wrong host", authority.serve("api.example.com", false), authority.trusting()),
        ("expired", authority.serve("localhost", true), authority.trusting()),
        ("unknown authority", authority.serve("localhost", false), other.trusting()),
        ("unknown authority by default", authority.serve("localhost", false), all()),
    ];
    for (what, (address, arrived), backends) in cases {
        for (name, backend) in backends {
            for request in requests(address) {
                let what = format!("{what}, {name}, {}", request.method());
                let text = assert_not_connected(&what, backend.send(request).await);
                assert!(text.to_lowercase().contains("certificate"), "{what}: {text}");
            }
        }
        assert_eq!(arrived.load(Ordering::SeqCst), 0, "{what}");
    }
}
