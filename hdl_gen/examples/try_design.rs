use hdl_gen::{BlockConfig, pe::PeConfig};
fn main() {
    for (n, c) in PeConfig::named() {
        let e = hdl_gen::emit::emit(n, &c).unwrap();
        let d = std::path::Path::new("/tmp/gen").join(n);
        hdl_gen::emit::write(&e, &d).unwrap();
    }
}
