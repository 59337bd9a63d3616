//! Card readers on USB, whether or not the smart-card service knows them.

use super::System;

/// The USB class of card readers (USB device class specification for CCID, 4.1).
const CARD_READER: &str = "0b";

/// A card reader on USB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct UsbReader {
    /// `VENDOR:PRODUCT` and the name that it gives itself.
    pub(in super::super) name: String,
    /// A driver of the kernel that has taken it for itself.
    pub(in super::super) taken_by: Option<String>,
}

impl System {
    /// The devices on USB that are card readers, by their class or by their own words.
    pub(in super::super) fn usb_readers(&self) -> Vec<UsbReader> {
        const DEVICES: &str = "sys/bus/usb/devices";
        let mut found: Vec<UsbReader> = Vec::new();
        // Interfaces are named DEVICE:CONFIGURATION.INTERFACE.
        for interface in self.names(DEVICES) {
            let Some((device, _)) = interface.split_once(':') else { continue };
            let told = |of: &str, what: &str| self.text(format!("{DEVICES}/{of}/{what}")).trim().to_owned();
            let product = told(device, "product");
            let words = format!("{product} {}", told(&interface, "interface")).to_lowercase();
            let says_so = ["smart card", "smartcard", "ccid"].iter().any(|word| words.contains(word));
            if told(&interface, "bInterfaceClass") != CARD_READER && !says_so {
                continue;
            }
            let driver = std::fs::read_link(self.root.join(format!("{DEVICES}/{interface}/driver")));
            let driver = driver.ok().and_then(|path| path.file_name().map(|name| name.to_string_lossy().into_owned()));
            let name = format!("{}:{} {product}", told(device, "idVendor"), told(device, "idProduct"));
            let reader = UsbReader {
                name: name.trim().to_owned(),
                // Programs that drive a device themselves, as the service does, hold it by this one.
                taken_by: driver.filter(|driver| driver != "usbfs"),
            };
            if !found.iter().any(|known| known.name == reader.name) {
                found.push(reader);
            }
        }
        found
    }
}
