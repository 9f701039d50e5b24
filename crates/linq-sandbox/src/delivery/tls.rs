//! The client for `https`. Without the feature `tls` there is none.

#[cfg(not(feature = "tls"))]
pub(crate) use disabled::TlsClient;
#[cfg(feature = "tls")]
pub(crate) use enabled::TlsClient;

#[cfg(feature = "tls")]
mod enabled {
    use std::sync::{Arc, OnceLock};

    use bytes::Bytes;
    use http_body_util::Full;
    use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
    use hyper_util::client::legacy::{Builder, Client, connect::HttpConnector};
    use rustls::{
        ClientConfig, RootCertStore,
        crypto::aws_lc_rs::default_provider,
        pki_types::{CertificateDer, pem::PemObject as _},
    };
    use rustls_platform_verifier::Verifier;

    type HttpsClient = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

    /// Trusts the certificates of the platform, and others in addition.
    pub(crate) struct TlsClient {
        others: Vec<CertificateDer<'static>>,
        builder: Builder,
        /// Created by the first delivery: reading the certificates of the platform takes time that most sandboxes save.
        client: OnceLock<Result<HttpsClient, String>>,
    }

    impl TlsClient {
        /// Returns the reason if the text is not certificates in PEM form.
        pub(crate) fn new(others: Option<&[u8]>, builder: Builder) -> Result<Self, String> {
            let certificates = others.map(CertificateDer::pem_slice_iter).into_iter().flatten();
            let certificates: Vec<_> =
                certificates.collect::<Result<_, _>>().map_err(|error| error.to_string())?;
            if others.is_some() && certificates.is_empty() {
                return Err("it has no certificate in PEM form".to_owned());
            }
            let mut store = RootCertStore::empty();
            for certificate in &certificates {
                store.add(certificate.clone()).map_err(|error| error.to_string())?;
            }
            Ok(Self { others: certificates, builder, client: OnceLock::new() })
        }

        pub(crate) fn get(&self) -> Result<&HttpsClient, String> {
            self.client.get_or_init(|| self.connect()).as_ref().map_err(Clone::clone)
        }

        fn connect(&self) -> Result<HttpsClient, String> {
            let provider = Arc::new(default_provider());
            let config = Verifier::new_with_extra_roots(self.others.iter().cloned(), provider.clone())
                .and_then(|verifier| {
                    Ok(ClientConfig::builder_with_provider(provider)
                        .with_safe_default_protocol_versions()?
                        .dangerous()
                        .with_custom_certificate_verifier(Arc::new(verifier))
                        .with_no_client_auth())
                })
                .map_err(|error| format!("TLS is not available: {error}"))?;
            let connector =
                HttpsConnectorBuilder::new().with_tls_config(config).https_only().enable_http1().build();
            Ok(self.builder.build(connector))
        }
    }
}

#[cfg(not(feature = "tls"))]
mod disabled {
    use bytes::Bytes;
    use http_body_util::Full;
    use hyper_util::client::legacy::{Builder, Client, connect::HttpConnector};

    const REASON: &str = "`https` needs the feature `tls` of linq-sandbox";

    pub(crate) struct TlsClient;

    impl TlsClient {
        pub(crate) fn new(others: Option<&[u8]>, _: Builder) -> Result<Self, String> {
            others.map_or(Ok(Self), |_| Err(REASON.to_owned()))
        }

        pub(crate) fn get(&self) -> Result<&Client<HttpConnector, Full<Bytes>>, String> {
            Err(REASON.to_owned())
        }
    }
}
