//! Links designs into the program unless a project that has its own leaves that out.

#[cfg(feature = "linked")]
#[path = "build/linked.rs"]
mod linked;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "linked")]
    linked::link();
}
