//! Where the page can be opened, said so that a person can use it: as an address, and as a QR code for a phone.

use std::io::Write;
use std::net::{IpAddr, SocketAddr, UdpSocket};

use backend::Code;
use qrcode::QrCode;
use qrcode::render::{svg, unicode};

use crate::http::public_origin::PublicOrigin;

/// Prints where the page is, and while there is no operator how to become that. All at once, and whether or not anybody
/// reads it.
pub(crate) fn announce(bound: SocketAddr, lan: bool, origin: Option<&PublicOrigin>, code: Option<&Code>) {
    let port = bound.port();
    let home = origin.map_or_else(|| format!("http://localhost:{port}"), ToString::to_string);
    let mut lines = vec![format!("Tandem is at http://localhost:{port}")];
    if let Some(code) = code {
        lines.push(format!(
            "To become the operator, enter this operator code at {home}/admin; it works once: {code}"
        ));
    }
    if let Some(origin) = origin {
        lines.push(format!("Browsers have it at {origin}"));
    }
    match lan.then(lan_address) {
        None => {}
        Some(None) => {
            lines.push(
                "This machine does not seem to be on a network, so other devices cannot reach it.".to_owned(),
            );
        }
        Some(Some(ip)) => {
            let address = format!("http://{ip}:{port}");
            lines.push(format!("Other devices on your network can open {address}"));
            if let Ok(code) = QrCode::new(&address) {
                lines.push(code.render::<unicode::Dense1x2>().quiet_zone(true).build());
            }
        }
    }
    let text = lines.join("\n") + "\n";
    let mut out = std::io::stdout();
    drop(out.write_all(text.as_bytes()).and_then(|()| out.flush()));
}

/// The address a packet to the outside would leave from. Connecting a UDP socket sends nothing.
fn lan_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind(("0.0.0.0", 0)).ok()?;
    socket.connect(("192.0.2.1", 9)).ok()?; // A documentation address, RFC 5737.
    let ip = socket.local_addr().ok()?.ip();
    (!ip.is_loopback() && !ip.is_unspecified()).then_some(ip)
}

/// The QR code of an address as a picture for the page, in the colour of the text around it.
pub(crate) fn qr_svg(address: &str) -> Option<String> {
    let code = QrCode::new(address).ok()?;
    let mut picture = code.render::<svg::Color<'_>>();
    picture
        .dark_color(svg::Color("currentColor"))
        .light_color(svg::Color("none"));
    let svg = picture.quiet_zone(false).min_dimensions(180, 180).build();
    Some(
        svg.split_once("?>")
            .map_or(svg.clone(), |(_, rest)| rest.to_owned()),
    )
}
